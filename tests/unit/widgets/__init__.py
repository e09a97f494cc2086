"""The format functions of the panes: plain values in, lines out."""
