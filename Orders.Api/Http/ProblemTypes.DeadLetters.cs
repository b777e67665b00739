namespace Orders.Api.Http;

/// <summary>What the settling of a dead letter, or of an event that Kafka refused, can be refused for.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType SetAsideSettled = new(409, "set_aside_settled", "The event is settled",
        "The event that Kafka had refused was published once more, or discarded, already. Nothing was changed.",
        "Read the event: its state says what became of it.",
        "event 'ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00.1' was discarded already");

    public static readonly ProblemType DeadLetterSettled = new(409, "dead_letter_settled", "The dead letter is settled",
        "Somebody has sent the record again, or discarded it, already. Nothing was changed.",
        "Read the dead letter: its state says what became of it. A record that failed again has a new one.",
        "dead letter 'dlt-5f0c2a9be11d4c0f8a6b7c3d2e1f0a99' was discarded already");

    public static readonly ProblemType NotRetriable = new(409, "not_retriable", "The record cannot be sent again",
        "The record was too large for its dead letter and is no longer on its topic, or it was on no topic that is read. Nothing was "
            + "changed.",
        "Ask whoever sent it to send it again, and discard the letter.",
        "dead letter 'dlt-5f0c2a9be11d4c0f8a6b7c3d2e1f0a99' cannot be sent again: its record is gone, or its topic is not one of ours");
}
