CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL
);
INSERT INTO members (name, token) VALUES ('ann', 'c0f3b5a1e8d24769b1'), ('bob', '7d91e4f2ab3c58066e');
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members,
    text TEXT NOT NULL
);
