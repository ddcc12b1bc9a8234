CREATE TABLE rooms (
    name TEXT PRIMARY KEY
);
