CREATE TABLE editors (
    name text PRIMARY KEY,
    key text NOT NULL UNIQUE
);
INSERT INTO editors VALUES ('ann', 'key-of-ann-d1842c7fa9'), ('bob', 'key-of-bob-6b90e3158c');
CREATE TABLE pages (
    name text PRIMARY KEY,
    text text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    editor text NOT NULL REFERENCES editors,
    changed timestamptz NOT NULL DEFAULT now()
);
