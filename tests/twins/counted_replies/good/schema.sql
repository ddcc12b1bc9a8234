CREATE TABLE topics (
    id integer PRIMARY KEY,
    title text NOT NULL,
    asked_by text NOT NULL,
    replies integer NOT NULL DEFAULT 0
);

CREATE TABLE replies (
    id bigserial PRIMARY KEY,
    topic integer NOT NULL REFERENCES topics (id),
    member text NOT NULL,
    body text NOT NULL
);

INSERT INTO topics (id, title, asked_by) VALUES (1, 'Where to begin?', 'eve@example.org');
