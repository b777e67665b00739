using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Inbound;

/// <summary>Why a command can never be done as it is.</summary>
/// <param name="Reason">A stable code: one of those here, or the code of the problem that the same request would get over HTTP.</param>
/// <param name="Detail">What exactly was wrong, for people; a problem detail where there is one.</param>
internal sealed record InboundRefusal(string Reason, string Detail)
{
    public const string Empty = "empty";
    public const string MalformedJson = "malformed_json";
    public const string MalformedData = "malformed_data";
    public const string UnknownVersion = "unknown_version";
    public const string UnknownType = "unknown_type";
    public const string UnknownRequest = "unknown_request";
    public const string UnknownOrder = "unknown_order";
    public const string UnknownTable = "unknown_table";
    public const string UnknownStatus = "unknown_status";
    public const string UnsupportedChange = "unsupported_change";
    public const string PositionWentBack = "position_went_back";
    public const string InternalError = "internal_error";

    /// <exception cref="ContendedException">It was not refused, it only lost a race.</exception>
    public static InboundRefusal Of(OrderError error)
    {
        if (error is OrderError.Contended contended) throw new ContendedException(contended.OrderId);
        var problem = ((ProblemHttpResult)error.ToProblem()).ProblemDetails;
        var reason = error is OrderError.NotFound ? UnknownOrder : problem.Type![ProblemTypes.Path.Length..];
        return new InboundRefusal(reason, JsonSerializer.Serialize(problem, RequestJson.Replies));
    }

    public static InboundRefusal Malformed(JsonException error) =>
        new(MalformedData, $"{RequestJson.FieldName(error.Path)}: {RequestJson.Reason(error)}");

    public static InboundRefusal Malformed(Check check) =>
        new(MalformedData, string.Join("; ", check.Error.Fields.Select(field => $"{field.Field}: {field.Reason}")));
}

/// <summary>Other changes of the order kept winning: nothing was done, and the command is tried again.</summary>
internal sealed class ContendedException(string orderId) : Exception($"order {orderId} kept changing");
