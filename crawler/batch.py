"""Many names in one call of a client, without letting one bad name cost the others."""

from collections.abc import Callable, Sequence

from crawler.errors import ClientError, FetchError
from crawler.fetched import Fetched
from crawler.target import Target

Fetches = dict[Target, Fetched | FetchError]


def fetch_in_batches(targets: Sequence[Target], fetch_batch: Callable[[Sequence[Target]], Fetches]) -> Fetches:
    """Fetch all targets in one call; when the client refuses, halve until the bad names stand alone.

    A ClientError concerns the client itself (not installed, registry out of reach), so halving would only
    repeat it: every target gets it at once.
    """
    if not targets:
        return {}
    try:
        return fetch_batch(targets)
    except ClientError as error:
        return dict.fromkeys(targets, error)
    except FetchError as error:
        if len(targets) == 1:
            return {targets[0]: error}
    middle = len(targets) // 2
    first = fetch_in_batches(targets[:middle], fetch_batch)
    broken = next((result for result in first.values() if isinstance(result, ClientError)), None)
    if broken is not None:
        return first | dict.fromkeys(targets[middle:], broken)
    return first | fetch_in_batches(targets[middle:], fetch_batch)
