CREATE TABLE profiles (
    id INTEGER PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'member',
    is_admin INTEGER NOT NULL DEFAULT 0
);
