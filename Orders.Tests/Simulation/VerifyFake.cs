using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Contracts;
using Orders.Simulator.Tables;
using Address = Orders.Api.Domain.Address;
using Customer = Orders.Api.Domain.Customer;
using Product = Orders.Api.Domain.Product;

namespace Orders.Tests.Simulation;

/// <summary>
/// The API at the seam of the HTTP client, as far as a verification needs it. Orders are decided by the product's own domain; what a
/// test wants to be wrong it changes in <see cref="Stored"/>, <see cref="Documents"/>, or on the way.
/// </summary>
internal sealed class VerifyFake : HttpMessageHandler
{
    private static readonly PriceList Prices = new PricingOptions().ToPriceList();

    private readonly Lock _lock = new();
    private readonly SimulatedTables _tables = SimulatedTables.Generate(7, 40, 50, 20);
    private readonly Dictionary<string, (string Request, HttpStatusCode Status, byte[] Body, string Position)> _keys =
        new(StringComparer.Ordinal);
    private readonly Dictionary<(string Id, int Version), OrderState> _versions = [];
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The orders as the database has them, by id.</summary>
    public Dictionary<string, OrderState> Stored { get; } = new(StringComparer.Ordinal);

    /// <summary>As the cache has them, where that is something else.</summary>
    public Dictionary<string, OrderState> Cached { get; } = new(StringComparer.Ordinal);

    /// <summary>As search has them, where that is something else; null: not at all.</summary>
    public Dictionary<string, OrderDocument?> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>Called before everything is exported.</summary>
    public Action Exporting { get; set; } = () => { };

    /// <summary>What analytics adds up; the test may leave some out.</summary>
    public Func<OrderState, bool> IsCounted { get; set; } = _ => true;

    /// <summary>Requests that came, with their keys.</summary>
    public List<(string Path, string Key)> Changes { get; } = [];

    /// <summary>Decides about a request that changes something before it is carried out; null lets it through.</summary>
    public Func<string, HttpResponseMessage?> Before { get; set; } = _ => null;

    /// <summary>Decides what is heard of it afterwards.</summary>
    public Func<string, HttpResponseMessage?> After { get; set; } = _ => null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var (path, query) = (request.RequestUri!.AbsolutePath, QueryHelpers.ParseQuery(request.RequestUri.Query));
            if (request.Method != HttpMethod.Post) return Read(path.Split('/', StringSplitOptions.RemoveEmptyEntries), query);
            Changes.Add((path, request.Headers.GetValues("Idempotency-Key").Single()));
            return Before(path) ?? (Change(path, body, Changes[^1].Key) is var reply && After(path) is { } lost ? lost : reply);
        }
    }

    private HttpResponseMessage Change(string path, string body, string key)
    {
        if (_keys.TryGetValue(key, out var earlier))
        {
            if (earlier.Request != path + body) return Answer(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
            var replay = Json(earlier.Body, earlier.Status, earlier.Position);
            replay.Headers.Add("Idempotency-Replayed", "true");
            return replay;
        }

        _now += TimeSpan.FromMilliseconds(37);
        var asked = body.Length == 0 ? null : JsonNode.Parse(body);
        var decided = path == "/v1/orders" ? Place(asked!) : Move(path.Split('/'), asked);
        if (decided.Value is not { } change) return Answer(HttpStatusCode.Conflict, decided.Error!.GetType().Name);
        var order = change.Order;
        Stored[order.Id] = _versions[(order.Id, order.Version)] = order;
        var json = path.EndsWith("/refunds", StringComparison.Ordinal)
            ? JsonSerializer.SerializeToUtf8Bytes(order.Refunds![^1], OrdersJson.Options())
            : JsonSerializer.SerializeToUtf8Bytes(order, OrdersJson.Default.OrderState);
        _keys[key] = (path + body, HttpStatusCode.OK, json, $"{order.Id}:{order.Version}");
        return Json(json, HttpStatusCode.OK, _keys[key].Position);
    }

    private Outcome<OrderChange> Place(JsonNode body)
    {
        var customer = _tables.Customers.Single(row => row.ClientId == (string)body["customer_id"]!);
        var address = _tables.Addresses.Single(row => row.AddressId == (string)body["address_id"]!);
        var lines = body["items"]!.AsArray().Select(line => (
            ToProduct(_tables.Products.Single(row => row.Id == (string)line!["product_id"]!)), (int)line!["quantity"]!)).ToList();
        return Order.Place(new OrderDraft(
            new Customer
            {
                ClientId = customer.ClientId, FirstName = customer.FirstName, LastName = customer.LastName, Email = customer.Email,
                PhoneNumber = customer.PhoneNumber, Status = customer.Status,
            }, new Address
            {
                ClientId = address.ClientId, AddressId = address.AddressId, Neighborhood = address.Neighborhood, Road = address.Road,
                HouseNumber = address.HouseNumber, Suburb = address.Suburb, CityDistrict = address.CityDistrict, State = address.State,
                Postcode = address.Postcode, Country = address.Country, Lat = address.Lat, Lon = address.Lon,
                Coordinates = address.Coordinates is { } point ? [.. point] : null,
            }, (string)body["channel"]!, lines, null, (string)body["external_id"]!), Prices, _now);
    }

    private Outcome<OrderChange> Move(string[] path, JsonNode? body)
    {
        var order = Stored[path[3]];
        var lines = body?["lines"]?.AsArray().Select(line => new LineQuantity((int)line!["line"]!, (int)line["quantity"]!)).ToList();
        return path[4] switch
        {
            "confirm" => order.Confirm(_now),
            "pay" => order.Pay((string)body!["method"]!, (string?)body["reference"], (decimal)body["amount"]!, _now),
            "ship" => order.Ship((string)body!["carrier"]!, (string?)body["tracking"], lines, _now),
            "deliver" => order.Deliver(_now),
            "return" => order.Return(lines, (string?)body!["reason"], _now),
            "cancel" => order.Cancel((string?)body!["reason"], _now),
            "fail" => order.Fail((string?)body!["reason"], _now),
            "refunds" => order.Refund((decimal?)body!["amount"], (string?)body["reason"], (string?)body["reference"], _now),
            var other => throw new InvalidOperationException(other),
        };
    }

    private static Product ToProduct(Orders.Simulator.Tables.Product row) => new()
    {
        Id = row.Id, Sku = row.Sku, Name = row.Name, Description = row.Description, Category = row.Category,
        Manufacturer = row.Manufacturer, Price = row.Price, Currency = row.Currency, Weight = row.Weight, Stock = 100,
        Active = row.Active, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private HttpResponseMessage Read(string[] path, Dictionary<string, StringValues> query) => path switch
    {
        ["v1", "customers"] => Rows(_tables.Customers.Where(row => row.Status == "active"), query),
        ["v1", "addresses"] => Rows(_tables.Addresses, query),
        ["v1", "products"] => Rows(_tables.Products.Where(row => row.Active), query),
        ["v1", "orders"] => Json($"{{\"items\":[{string.Join(',', Chosen(query).Select(Text))}]}}"),
        ["v1", "orders", "export"] => Export(Chosen(query).OrderBy(order => order.Id)),
        ["v1", "orders", "search"] => Search(query),
        ["v1", "orders", var id] when query.TryGetValue("version", out var version) =>
            Json(Text(_versions[(id, int.Parse(version!, CultureInfo.InvariantCulture))])),
        ["v1", "orders", var id] => (Cached.GetValueOrDefault(id) ?? Stored.GetValueOrDefault(id)) is { } order
            ? Json(Text(order)) : new HttpResponseMessage(HttpStatusCode.NotFound),
        ["v1", "orders", var id, "history"] when Stored.TryGetValue(id, out var order) => Json(History(order)),
        ["v1", "analytics", "orders"] => Sums(query["value"].ToString()),
        _ => new HttpResponseMessage(HttpStatusCode.NotFound),
    };

    private static string History(OrderState order) =>
        $"{{\"items\":[{string.Join(',', Enumerable.Range(1, order.Version).Select(version => $"{{\"version\":{version}}}"))}]}}";

    private HttpResponseMessage Export(IEnumerable<OrderState> orders)
    {
        Exporting();
        return Json(string.Concat(orders.Select(order => Text(order) + "\n")));
    }

    private IEnumerable<OrderState> Chosen(Dictionary<string, StringValues> query) => Stored.Values.Where(order =>
        (!query.TryGetValue("channel", out var channel) || order.Channel == channel)
        && (!query.TryGetValue("external_id", out var external) || order.ExternalId == external));

    private static HttpResponseMessage Rows<T>(IEnumerable<T> rows, Dictionary<string, StringValues> query)
    {
        const int size = 15;
        var from = query.TryGetValue("cursor", out var cursor) ? int.Parse(cursor!, CultureInfo.InvariantCulture) : 0;
        var items = rows.Skip(from).Take(size + 1).ToList();
        var page = new JsonObject
        {
            ["items"] = JsonSerializer.SerializeToNode(items.Take(size), OrdersJson.Options()),
        };
        if (items.Count > size) page["next_cursor"] = (from + size).ToString(CultureInfo.InvariantCulture);
        return Json(page.ToJsonString());
    }

    private HttpResponseMessage Search(Dictionary<string, StringValues> query)
    {
        var documents = Stored.Values.Select(order => Documents.TryGetValue(order.Id, out var other) ? other : OrderDocument.From(order))
            .Concat(Documents.Where(other => !Stored.ContainsKey(other.Key)).Select(other => other.Value)).OfType<OrderDocument>();
        var hits = documents.Where(hit => query.TryGetValue("q", out var id)
            ? hit.Id == id : hit.PlacedAtMs >= Instant("placed_from") && hit.PlacedAtMs < Instant("placed_to"))
            .OrderBy(hit => hit.PlacedAtMs).ToList();
        var size = int.Parse(query["page_size"]!, CultureInfo.InvariantCulture);
        var page = query.TryGetValue("page", out var number) ? int.Parse(number!, CultureInfo.InvariantCulture) : 1;
        var shown = hits.Skip((page - 1) * size).Take(size).Select(hit => JsonSerializer.Serialize(hit, OrdersJson.Default.OrderDocument));
        return Json($"{{\"hits\":[{string.Join(',', shown)}],\"total_pages\":{(hits.Count + size - 1) / size}}}");

        long Instant(string name) => DateTimeOffset.Parse(query[name]!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
    }

    private HttpResponseMessage Sums(string channel) => Json(JsonSerializer.Serialize(new
    {
        sums = Stored.Values.Where(order => order.Channel == channel && IsCounted(order))
            .GroupBy(order => new DateTimeOffset(order.PlacedAt.Date.AddHours(order.PlacedAt.Hour), TimeSpan.Zero)).Select(hour =>
        {
            var cancelled = hour.Where(order => order.Status is OrderStatus.Cancelled or OrderStatus.Failed).ToList();
            return new
            {
                bucket = hour.Key, currency = "EUR", value = channel, orders = hour.Count(),
                items = hour.Sum(order => order.Items.Sum(item => item.Quantity)), revenue = hour.Sum(order => order.Total),
                discount = hour.Sum(order => order.Discount), shipping = hour.Sum(order => order.Shipping),
                tax = hour.Sum(order => order.Tax), refunded = hour.Sum(order => order.Refunded ?? 0), cancelled = cancelled.Count,
                cancelled_amount = cancelled.Sum(order => order.Total),
            };
        }),
    }));

    private static string Text(OrderState order) => JsonSerializer.Serialize(order, OrdersJson.Default.OrderState);

    private static HttpResponseMessage Json(string text) => Json(Encoding.UTF8.GetBytes(text));

    private static HttpResponseMessage Json(byte[] body, HttpStatusCode status = HttpStatusCode.OK, string? position = null)
    {
        var reply = new HttpResponseMessage(status)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        if (position is not null) reply.Headers.Add("Orders-Position", position);
        return reply;
    }

    public static HttpResponseMessage Answer(HttpStatusCode status, string problem = "") => new(status)
    {
        Content = new StringContent($"{{\"type\":\"/problems/{problem}\"}}", Encoding.UTF8, "application/problem+json"),
        Headers = { { "Retry-After", "0" } },
    };
}
