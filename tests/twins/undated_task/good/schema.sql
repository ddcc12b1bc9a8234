CREATE TABLE tasks (
    id bigserial PRIMARY KEY,
    title text NOT NULL,
    due timestamptz NOT NULL DEFAULT now() + interval '7 days',
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE steps (
    id bigserial PRIMARY KEY,
    task bigint NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    text text NOT NULL
);

INSERT INTO tasks (title, due, made_at) VALUES ('Paint the fence', '2027-05-01 08:00+00', '2026-03-01 08:00+00');
INSERT INTO steps (task, text) VALUES (1, 'Buy paint'), (1, 'Paint');
