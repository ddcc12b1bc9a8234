CREATE TABLE loans (
    id bigserial PRIMARY KEY,
    book text NOT NULL UNIQUE,
    reader text NOT NULL
);
