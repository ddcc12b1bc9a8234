"""python -m hotfire: the command, where no script is on the PATH."""

from hotfire.cli import main

if __name__ == "__main__":
    main()
