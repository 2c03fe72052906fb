"""Asking a running server for its tools, when a person wants that; nothing else here starts or calls one."""
