"""What records announces: the payload says whose and which row, never what it says."""

PREGNANCY_TEST_NOTED = "records.pregnancy_test.noted"
LAB_RESULT_NOTED = "records.lab_result.noted"
PHQ_SCORE_NOTED = "records.phq_score.noted"
STATEMENT_NOTED = "records.statement.noted"

EVENTS = (PREGNANCY_TEST_NOTED, LAB_RESULT_NOTED, PHQ_SCORE_NOTED, STATEMENT_NOTED)
