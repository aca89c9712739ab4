"""Pages, mails and workbooks from plain values: pure, no I/O."""
