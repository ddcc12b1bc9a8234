CREATE TABLE trainings (
    id bigserial PRIMARY KEY,
    trainer bigint NOT NULL REFERENCES auth_user,
    trainee text NOT NULL,
    kind text NOT NULL
);
