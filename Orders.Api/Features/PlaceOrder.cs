using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features;

/// <summary>
/// <c>POST /v1/orders</c>: places an order. A 201 means that the order, its history and its event are committed.
/// Two database round trips before the write, one for the write and its commit.
/// </summary>
internal static class PlaceOrder
{
    private const string DefaultChannel = "api";

    /// <summary>Two numbers of 40 random bits collide about once in 10^12 pairs; a third draw has never been needed.</summary>
    private const int NumberDrawsMax = 3;

    public sealed record Request(string? CustomerId, string? AddressId, string? Channel, IReadOnlyList<Line?>? Items);

    public sealed record Line(string? ProductId, int? Quantity);

    public static async Task<IResult> Handle(
        JsonBody<Request> body, OrdersDbContext db, OrderReader reader, ApiMetrics metrics, TimeProvider time, CancellationToken cancel)
    {
        var drafted = await DraftAsync(body.Value, db, cancel);
        var placed = drafted.Value is { } draft ? Order.Place(draft, time.GetUtcNow()) : drafted.Error!;
        if (placed.Value is not { } order)
        {
            metrics.Refused(placed.Error!.GetType().Name);
            return placed.Error!.ToProblem();
        }

        await StoreAsync(db, order, cancel);
        metrics.Placed();
        // From here on the order is placed, whatever becomes of the caller's connection.
        var json = await reader.RememberAsync(order, CancellationToken.None);
        return new OrderReply(new CachedOrder(order.Version, json), StatusCodes.Status201Created, $"/v1/orders/{order.Id}");
    }

    private static async Task StoreAsync(OrdersDbContext db, Order order, CancellationToken cancel)
    {
        var changeId = Guid.CreateVersion7();
        for (var draw = 1; ; draw++)
        {
            db.Orders.Add(order);
            db.Record(order, changeId);
            try
            {
                await db.SaveChangesAsync(cancel);
                return;
            }
            catch (DbUpdateException error) when (error.ViolatedConstraint() == "orders_number" && draw < NumberDrawsMax)
            {
                db.ChangeTracker.Clear();
                order.Renumber();
            }
            catch (DbUpdateException error) when (error.ViolatedConstraint() == "orders_pkey")
            {
                db.ChangeTracker.Clear();
                if (await db.IsDoneAsync(order.Id, order.Version, changeId, cancel)) return;
                throw;
            }
            catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
            {
                // The connection broke: before the commit, or after it and before its reply.
                db.ChangeTracker.Clear();
                if (await IsStoredAsync(db, order, changeId, cancel)) return;
            }
        }
    }

    /// <summary>True when the order is there; otherwise nobody can say, and the caller is told so instead of "try again".</summary>
    private static async Task<bool> IsStoredAsync(OrdersDbContext db, Order order, Guid changeId, CancellationToken cancel)
    {
        try
        {
            if (await db.IsDoneAsync(order.Id, order.Version, changeId, cancel)) return true;
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            // Answered below.
        }

        throw new OutcomeUnknownException(order.Id);
    }

    private static async Task<Outcome<OrderDraft>> DraftAsync(Request request, OrdersDbContext db, CancellationToken cancel)
    {
        var check = Validate(request);
        if (check.Failed) return check.Error;

        var known = await db.Addresses.AsNoTracking()
            .Where(a => a.AddressId == request.AddressId)
            .Select(a => new { Address = a, Customer = db.Customers.AsNoTracking().FirstOrDefault(c => c.ClientId == request.CustomerId) })
            .FirstOrDefaultAsync(cancel);
        if (known is null) return new OrderError.Unusable("address_id", "there is no such address");
        if (known.Customer is null) return new OrderError.Unusable("customer_id", "there is no such customer");

        var ids = request.Items!.Select(line => line!.ProductId!).Distinct(StringComparer.Ordinal).ToArray();
        var products = await db.Products.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        var lines = new List<(Product, int)>(request.Items!.Count);
        foreach (var (line, index) in request.Items.Select((line, index) => (line!, index)))
        {
            if (!products.TryGetValue(line.ProductId!, out var product))
                return new OrderError.Unusable(Field(index, "product_id"), "there is no such product");
            lines.Add((product, line.Quantity!.Value));
        }

        return new OrderDraft(known.Customer, known.Address, request.Channel ?? DefaultChannel, lines);
    }

    private static Check Validate(Request request)
    {
        var check = new Check();
        check.Text("customer_id", request.CustomerId, max: 64);
        check.Text("address_id", request.AddressId, max: 64);
        if (request.Channel is not null) check.Text("channel", request.Channel, max: 32);
        if (request.Items is not { Count: > 0 })
        {
            check.Fail("items", "must have at least one line");
            return check;
        }

        if (request.Items.Count > ApiLimits.OrderLinesMax)
            check.Fail("items", string.Create(CultureInfo.InvariantCulture, $"must have at most {ApiLimits.OrderLinesMax} lines"));
        foreach (var (line, index) in request.Items.Take(ApiLimits.OrderLinesMax).Select((line, index) => (line, index)))
        {
            check.Text(Field(index, "product_id"), line?.ProductId, max: 64);
            check.Range(Field(index, "quantity"), line?.Quantity, 1, 1000);
        }

        return check;
    }

    private static string Field(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"items[{index}].{name}");
}
