"""HTTP for everything that is not a package client's or git's: polite, bounded, never into a private network."""

from crawler.web.web import DOWNLOAD_BYTES, GET_BYTES, Answer, Web, WebError, WebSetting

__all__ = ["DOWNLOAD_BYTES", "GET_BYTES", "Answer", "Web", "WebError", "WebSetting"]
