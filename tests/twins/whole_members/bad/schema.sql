CREATE TABLE members (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    password text NOT NULL,
    token text
);
INSERT INTO members (email, password) VALUES
    ('ann@example.org', 'correct horse battery'),
    ('eve@example.org', 'purple monkey dishwasher');
