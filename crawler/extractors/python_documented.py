"""What an SDK lists of the function that a registration names; unknown where its name or text is assigned later.

How each SDK reads a docstring is not decided here.
"""

from crawler.extractors.python_definition import Registration
from crawler.extractors.python_docstring import DocstringUse, DocstringUses, Documented, read_docstring
from crawler.extractors.python_module import is_nested
from crawler.extractors.python_package import PythonPackage
from crawler.extractors.python_references import docstring_of
from crawler.extractors.python_syntax import text_of


def document(package: PythonPackage, uses: DocstringUses, registration: Registration) -> Documented:
    """Give what is listed of the docstring of a registration's function."""
    if registration.function is None:
        return Documented()
    if is_reassigned(package, registration, b"__doc__"):
        return Documented(uncertain=True)
    use = uses.of_module(registration.module)
    callee = registration.node.child_by_field_name("function") if registration.node.type == "call" else None
    source, symbol = registration.module.imports.get(text_of(callee), ("", None))
    if symbol == "FunctionTool" and source.split(".")[0] != "fastmcp":
        use = DocstringUse.CLEANED  # agent kits dedent what they hand on
    return read_docstring(docstring_of(registration.function.node), use)


def is_reassigned(package: PythonPackage, registration: Registration, attribute: bytes) -> bool:
    """Tell a function made inside another whose `__name__` or `__doc__` is assigned once it is made."""
    function = registration.function
    if function is None or registration.pattern == "python-decorator":
        return False
    if not is_nested(function.module, function.node, "function_definition"):
        return False
    return any(attribute + b" = " in package.files[one.path] for one in (function.module, registration.module))
