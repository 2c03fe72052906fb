"""`toolrisk scan`: the servers that the clients of a machine or project are set up with, and what they could do.

Not for what a tool is judged to be: verdicts come from the catalog, or from the classifier.
"""
