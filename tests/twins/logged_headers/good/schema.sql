CREATE TABLE members (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    password text NOT NULL,
    token text
);
CREATE TABLE posts (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    member_id bigint NOT NULL REFERENCES members
);
INSERT INTO members (email, password) VALUES ('ann@example.org', 'correct horse battery');
