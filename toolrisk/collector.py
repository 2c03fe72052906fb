"""The garbage collector, told what a batch of records is like."""

import gc


def relax_collector() -> None:
    """Look for cycles less often: a batch makes many small records and no cycle, and what is loaded stays.

    Measured on verdicts: without it a tenth to a quarter of the time goes into looking.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
