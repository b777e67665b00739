using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What can end an import of orders before its last line.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType ImportCut = new(400, "import_cut", "The stream was cut",
        "The stream ended in the middle or came too slowly. Lines before that are settled: detail says how many and how.",
        "Send it again, as a whole or from the line after: what is in already is passed over.",
        "body: Unexpected end of request content; lines up to 2000 are settled: 1990 accepted, 0 unchanged, 10 rejected",
        new FieldError("body", "Unexpected end of request content"));

    public static readonly ProblemType RelayBehind = new(500, "relay_behind", "The import broke off: events are not sent on",
        "Orders come in faster than their events go out, and those did not move for too long. Lines before that are settled: "
        + "detail says how many and how.",
        "See to Kafka. Then send the stream again, as a whole or from the line after: what is in already is passed over.",
        "the relay is 1073741824 bytes of log behind; lines up to 2000 are settled: 1990 accepted, 0 unchanged, 10 rejected");
}
