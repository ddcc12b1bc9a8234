PRAGMA journal_mode = WAL;
CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0
);
INSERT INTO members (name, token) VALUES ('ann', 'c0f3b5a1e8d24769b1'), ('bob', '7d91e4f2ab3c58066e');
CREATE TABLE requests (
    address TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
);
CREATE TABLE courses (
    id INTEGER PRIMARY KEY,
    school TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES members,
    title TEXT NOT NULL,
    lesson TEXT NOT NULL
);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES courses,
    text TEXT NOT NULL
);
CREATE TABLE forms (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members,
    title TEXT NOT NULL,
    answers INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    form_id INTEGER NOT NULL REFERENCES forms,
    text TEXT NOT NULL
);
CREATE TABLE secrets (
    link TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    days INTEGER NOT NULL DEFAULT 1,
    opened INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE invitations (
    link TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0
);
