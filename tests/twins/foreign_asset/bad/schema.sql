CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    token TEXT NOT NULL
);
INSERT INTO members (name, role, token) VALUES
    ('ann', 'member', 'c0f3b5a1e8d24769b1'),
    ('bob', 'member', '7d91e4f2ab3c58066e'),
    ('eve', 'admin', 'a4be07c65d1f92383c');
CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members,
    name TEXT NOT NULL
);
CREATE TABLE assets (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects,
    name TEXT NOT NULL
);
