"""Many names in one call of a client, without letting one bad name cost the others."""

from collections.abc import Callable, Sequence

from crawler.errors import ClientError, FetchError
from crawler.fetched import Fetched
from crawler.target import Target

Fetches = dict[Target, Fetched | FetchError]
FetchBatch = Callable[[Sequence[Target]], Fetches]


class RefusedError(FetchError):
    """A client refused a whole batch because of one target, which cannot be had: `why` is its own error."""

    def __init__(self, target: Target, why: FetchError) -> None:
        super().__init__(str(target), why.reason, cause=why.cause)
        self.target = target
        self.why = why


def fetch_in_batches(targets: Sequence[Target], fetch_batch: FetchBatch) -> Fetches:
    """Fetch all targets in one call; when the client refuses, without those that it refuses.

    Where it does not say which one it refused, the batch is halved until the bad names stand alone. A ClientError
    concerns the client itself (not installed, registry out of reach): every target gets it at once.
    """
    left, results = list(targets), Fetches()
    while left:
        try:
            return results | fetch_batch(left)
        except ClientError as error:
            return results | dict.fromkeys(left, error)
        except RefusedError as error:
            left.remove(error.target)
            results[error.target] = error.why
        except FetchError as error:
            if len(left) == 1:
                return results | {left[0]: error}
            return results | _halved(left, fetch_batch)
    return results


def named_in(text: str, targets: Sequence[Target], written: Callable[[Target], str]) -> Target | None:
    """Find the one target that a client's message names, as `written` to it; None when none or several are."""
    words = {word.strip("'\"`.,:;()") for word in text.split()}
    found = [target for target in targets if written(target) in words]
    return found[0] if len(found) == 1 and len(targets) > 1 else None


def _halved(targets: Sequence[Target], fetch_batch: FetchBatch) -> Fetches:
    middle = len(targets) // 2
    first = fetch_in_batches(targets[:middle], fetch_batch)
    broken = next((result for result in first.values() if isinstance(result, ClientError)), None)
    if broken is not None:
        return first | dict.fromkeys(targets[middle:], broken)
    return first | fetch_in_batches(targets[middle:], fetch_batch)
