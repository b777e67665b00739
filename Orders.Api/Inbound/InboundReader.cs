using System.Text.Json;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Inbound.Legacy;
using Orders.Contracts;

namespace Orders.Api.Inbound;

/// <summary>What a record asks for: one of the two, or why it cannot be read.</summary>
internal readonly record struct InboundAsk(InboundCommand? Command, LegacyChange? Change, InboundRefusal? Refusal)
{
    /// <summary>The record had no envelope: its command was made of it.</summary>
    public bool IsBare { get; init; }

    public static implicit operator InboundAsk(InboundRefusal refusal) => new(null, null, refusal);
}

/// <summary>
/// Tells the forms of a record apart: a command in its CloudEvents envelope (<c>specversion</c>), a change of the legacy table as
/// Debezium writes it (<c>op</c>, inside <c>payload</c> or not), or the bare record of a stream that knows no envelope
/// (<c>customer_id</c>, <c>amount</c>), which becomes a command named after its own id or its position.
/// </summary>
internal static class InboundReader
{
    public static InboundAsk Read(InboundRecord record)
    {
        if (record.Value is null or []) return new InboundRefusal(InboundRefusal.Empty, "the record has no value");
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(record.Value, new JsonDocumentOptions { MaxDepth = DepthMax });
            root = document.RootElement.Clone();
            if (!RequestJson.IsText(record.Value))
                return new InboundRefusal(InboundRefusal.MalformedJson, "holds an escape that is half a character");
        }
        catch (JsonException error)
        {
            return new InboundRefusal(InboundRefusal.MalformedJson, RequestJson.Reason(error));
        }

        if (root.ValueKind != JsonValueKind.Object) return new InboundRefusal(InboundRefusal.MalformedJson, "is no object");
        if (!root.TryGetProperty("specversion", out _))
        {
            if (LegacyChange.IsOne(root, out var payload)) return LegacyChange.Read(root, payload);
            if (root.TryGetProperty("customer_id", out _) || root.TryGetProperty("amount", out _)) return ReadBare(record, root);
        }

        return ReadCommand(root);
    }

    /// <summary>Levels of a record: a change envelope with its schema is deeper than any request.</summary>
    private const int DepthMax = 32;

    private static InboundAsk ReadCommand(JsonElement root)
    {
        InboundCommand? command;
        try
        {
            command = root.Deserialize(OrdersJson.Default.InboundCommand);
        }
        catch (JsonException error)
        {
            return new InboundRefusal(InboundRefusal.MalformedJson, $"{error.Path}: {RequestJson.Reason(error)}");
        }

        if (command!.SpecVersion != "1.0") return new InboundRefusal(InboundRefusal.UnknownVersion, "specversion must be 1.0");
        var check = new Check();
        check.Text("id", command.Id, max: IdempotentRequest.KeyLengthMax);
        check.Text("source", command.Source, max: 200);
        return check.Failed ? InboundRefusal.Malformed(check) : new InboundAsk(command, null, null);
    }

    private static InboundAsk ReadBare(InboundRecord record, JsonElement root)
    {
        string? id = null;
        if (root.TryGetProperty("id", out var own))
        {
            id = own.ValueKind == JsonValueKind.String ? own.GetString() : null;
            var check = new Check();
            check.Text("id", id, max: IdempotentRequest.KeyLengthMax);
            if (check.Failed) return InboundRefusal.Malformed(check);
        }

        return new InboundAsk(new InboundCommand
        {
            Id = id ?? record.Position, Source = record.Source, Type = InboundCommand.PlaceAmount, Data = root,
        }, null, null) { IsBare = true };
    }

    /// <summary>
    /// The record's value as it can be sent again: as it is, unless nothing but its place tells it from an equal one. Then it goes inside
    /// the command that it stands for, which is named after that place, so that it stays the same wherever it comes to lie.
    /// </summary>
    public static byte[]? Named(InboundRecord record) =>
        record.Value is { Length: > 0 } && Read(record) is { IsBare: true, Command: { } command }
            ? JsonSerializer.SerializeToUtf8Bytes(command, OrdersJson.Default.InboundCommand)
            : record.Value;
}
