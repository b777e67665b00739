using System.Buffers;
using System.Text;
using System.Text.Json;
using Orders.Api.Features.Bulk;
using Orders.Contracts;
using Orders.Simulator.Calendars;
using Orders.Simulator.Histories;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

/// <summary>Lines of a history are read by the API's own reader, and the lives in them are lived by the order's own domain.</summary>
[Unit]
public sealed class HistoryLineTests
{
    private const int Count = 700;

    private static readonly DateTimeOffset Latest = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SimulatedTables Tables = SimulatedTables.Generate(42, 200, 250, 100);

    /// <summary>Everything that can happen, often.</summary>
    private static readonly Profile Eventful = new()
    {
        Discounts =
        [
            new() { Code = "DIEZ", Percent = 10, Share = 0.4 }, new() { Code = "CINCO", Amount = 5, MinSubtotal = 40, Share = 0.4 },
        ],
        Lifecycle = new LifecycleProfile
        {
            PaymentFailure = 0.1, Cancellation = 0.25, PartialShipment = 0.6, ParcelsMax = 10, Return = 0.5, Goodwill = 0.5,
            GoodwillShareMax = 1,
        },
    };

    [Fact]
    public void Every_line_at_every_time_of_its_life_is_the_order_that_the_domain_makes_of_it()
    {
        var generator = Generator(Eventful);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < Count; number++)
        {
            var order = generator.At(number);
            var lived = Read(order, order.PlacedAt);
            Assert.Equal((OrderStatus.Placed, 1), (lived.Status, lived.Version));
            foreach (var step in order.Life)
            {
                Assert.Equal(Text(lived), Text(Read(order, step.At)));
                lived = LifeTests.Live(lived, step).Value!.Order;
            }

            Assert.Equal(Text(lived), Text(Read(order, Latest)));
            seen.UnionWith([lived.Status.ToWire(), lived.DiscountCode ?? "-", .. order.Life.Select(step => step.Step.ToString())]);
        }

        // The cases that this is about have occurred.
        Assert.Superset(
            new HashSet<string>([
                "delivered", "returned", "cancelled", "failed", "DIEZ", "CINCO", "PartlyShipped", "PartlyReturned", "Refunded",
            ]),
            seen);
    }

    [Fact]
    public async Task Lines_are_the_same_bytes_every_time_wherever_one_begins()
    {
        var whole = await LinesAsync(Source(), 0, 300);

        Assert.Equal(whole, await LinesAsync(Source(), 0, 300));
        Assert.Equal(whole[120..250], await LinesAsync(Source(), 120, 130));
        Assert.Equal(300, whole.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(whole, await LinesAsync(Source(run: "other"), 0, 300));
        Assert.NotEqual(whole, await LinesAsync(Source(seed: 43), 0, 300));
    }

    [Fact]
    public async Task An_order_that_has_not_arrived_when_its_history_ends_is_on_its_way()
    {
        var source = Source();
        var lines = await LinesAsync(source, 0, 300);
        var orders = lines.Select(line => Read(Encoding.UTF8.GetBytes(line))).ToList();

        Assert.Equal(Enumerable.Range(0, 300).Select(number => $"sim/42/test/{number}"), orders.Select(order => order.ExternalId));
        Assert.Contains(orders, order => order.Status is OrderStatus.Paid or OrderStatus.Shipped);
        Assert.Contains(orders, order => order.Status is OrderStatus.Delivered);
        Assert.All(orders, order =>
        {
            Assert.InRange(order.PlacedAt, source.Plan.Begin, source.Plan.End);
            Assert.True(order.UpdatedAt < source.Plan.Now, order.Id);
        });
        // Ids sort by the time of placing, as those of orders that were placed here do.
        Assert.Equal(orders.OrderBy(order => order.PlacedAt).Select(order => order.Id[..17]),
            orders.Select(order => order.Id[..17]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_table_or_profile_has_another_fingerprint()
    {
        var known = Source().Fingerprint();

        Assert.Equal(known, Source().Fingerprint());
        Assert.NotEqual(known, Source(profile: Eventful).Fingerprint());
        Assert.NotEqual(known, Source(products: 99).Fingerprint());
    }

    private static OrderGenerator Generator(Profile profile)
    {
        var span = new CalendarSpan(new ShopCalendar(profile.Calendar), MadridTime.Instant(new DateTime(2025, 1, 1)),
            MadridTime.Instant(new DateTime(2026, 1, 1)));
        return new OrderGenerator(42, "test", ShopData.From(Tables, "EUR"), profile, span, Count);
    }

    private static HistorySource Source(int seed = 42, string run = "test", Profile? profile = null, int products = 100) => new(
        new HistoryPlan(seed, run, 300, new DateOnly(2025, 10, 1), new DateOnly(2025, 10, 20), new DateOnly(2025, 10, 21)),
        ShopData.From(Tables with { Products = [.. Tables.Products.Take(products)] }, "EUR"), profile ?? Profile.Default);

    private static async Task<string[]> LinesAsync(HistorySource source, long first, long count)
    {
        using var stream = new MemoryStream();
        var last = 0L;
        await source.WriteAsync(stream, first, count, written => last = written, CancellationToken.None);
        Assert.Equal(first + count, last);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        return text.TrimEnd('\n').Split('\n');
    }

    private static OrderState Read(SimulatedOrder order, DateTimeOffset now)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = OrdersJson.Encoder });
        new OrderLine("EUR", now).Write(json, order, "sim/1");
        json.Flush();
        return Read(bytes.WrittenSpan);
    }

    private static OrderState Read(ReadOnlySpan<byte> line)
    {
        var read = ImportLineReader.Read(line, Latest);
        Assert.True(read.Order is not null, $"{string.Join("; ", read.Errors)}: {Encoding.UTF8.GetString(line)}");
        return read.Order;
    }

    /// <summary>Without the ids of what happened to it: those are drawn by the domain and derived by the import.</summary>
    private static string Text(OrderState order) => Shop.Json(order with
    {
        Refunds = order.Refunds?.Select(refund => refund with { Id = "" }).ToList(),
        Shipments = order.Shipments?.Select(parcel => parcel with { Id = "" }).ToList(),
        Returns = order.Returns?.Select(back => back with { Id = "" }).ToList(),
    });
}
