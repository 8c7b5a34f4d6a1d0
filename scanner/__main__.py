"""`python -m scanner`: the same as `dpscan`."""

from scanner.cli import main

if __name__ == "__main__":
    main()
