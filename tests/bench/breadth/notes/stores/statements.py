"""What both plain stores ask, with ? in the place of each value."""

NOTES = "CREATE TABLE notes (id {serial} PRIMARY KEY, title text NOT NULL UNIQUE, state text NOT NULL DEFAULT 'draft')"
ANNOUNCEMENTS = "CREATE TABLE announcements (note_id integer PRIMARY KEY REFERENCES notes, text text NOT NULL)"
ADD = "INSERT INTO notes (title) VALUES (?) ON CONFLICT (title) DO NOTHING"
TITLED = "SELECT id, title, state FROM notes WHERE title = ?"
ANNOUNCE = "INSERT INTO announcements (note_id, text) VALUES (?, ?) ON CONFLICT (note_id) DO NOTHING"
PUBLISH = "UPDATE notes SET state = 'public' WHERE id = ?"
FIND = "SELECT id, title, state FROM notes WHERE id = ?"


def tables(serial):
    """Both tables; `serial` is the type of a number that counts by itself."""
    return NOTES.format(serial=serial), ANNOUNCEMENTS


def told(row):
    """A note as it is answered."""
    return row and {"id": row[0], "title": row[1], "state": row[2]}
