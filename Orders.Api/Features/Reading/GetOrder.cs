using System.Globalization;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Reading;

/// <summary>
/// <c>GET /v1/orders/{id}</c>: one order, through the cache, with ETag and 304. With <c>?version=</c> or <c>?as_of=</c> the order as it
/// was, from its history.
/// </summary>
internal static class GetOrder
{
    public static async Task<IResult> Handle(
        string id, string? version, string? as_of, Caller caller, OrderReader reader, OrderStore store, CancellationToken cancel)
    {
        // What is no id cannot be an order's; it never reaches cache or database.
        if (!OrderIds.IsId(id)) return NotFound(id);
        if (version is null && as_of is null)
            return await reader.GetAsync(id, caller, cancel) is { } order ? new OrderReply(order) : NotFound(id);

        var check = new Check();
        var number = Version(version, check);
        var instant = check.Instant("as_of", as_of);
        if (version is not null && as_of is not null) check.Fail("as_of", "cannot be given together with version");
        if (check.Failed) return check.Problem;

        var then = number is { } wanted
            ? await store.FindAsync(id, wanted, cancel)
            : await store.FindAsync(id, instant!.Value, cancel);
        return then is { } found && OrderReader.MaySee(caller, found.Json)
            ? new OrderReply(new CachedOrder(found.Version, found.Json))
            : NotFound(id);
    }

    public static IResult NotFound(string id) => new OrderError.NotFound("order", id).ToProblem();

    private static int? Version(string? text, Check check)
    {
        if (text is null) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= 1) return version;
        check.Fail("version", "must be a whole number from 1");
        return null;
    }
}
