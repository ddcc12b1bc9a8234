CREATE TABLE courses (
    id bigint PRIMARY KEY,
    digest_sent boolean NOT NULL DEFAULT false
);
CREATE TABLE students (
    email text PRIMARY KEY,
    course_id bigint NOT NULL REFERENCES courses
);
CREATE TABLE mails (
    id bigserial PRIMARY KEY,
    course_id bigint NOT NULL REFERENCES courses,
    recipient text NOT NULL,
    UNIQUE (course_id, recipient)
);
INSERT INTO courses VALUES (1);
INSERT INTO students VALUES ('ann@example.org', 1), ('bob@example.org', 1), ('cyd@example.org', 1);
