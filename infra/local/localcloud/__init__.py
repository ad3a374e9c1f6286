"""The local cloud: the stack of template.yaml on one machine. `../cloud.py` is its command line."""
