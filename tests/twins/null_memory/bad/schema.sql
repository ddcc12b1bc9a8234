CREATE TABLE memories (
    id INTEGER PRIMARY KEY,
    content TEXT NOT NULL,
    visibility TEXT NOT NULL DEFAULT 'private'
);
