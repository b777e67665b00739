using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Simulator;
using Orders.Simulator.Seeding;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class TableSeederTests
{
    private readonly FakeShop _shop = new();
    private readonly SimulatorOptions _options = new() { Customers = 25, Addresses = 30, Products = 8, BatchSize = 10 };

    [Fact]
    public async Task Empty_tables_are_filled_in_batches()
    {
        await SeedAsync();

        Assert.Equal(
            ["customers 5", "customers 10", "customers 10", "addresses 10", "addresses 10", "addresses 10", "products 8"], _shop.Imports);
        Assert.Equal((25, 30, 8), Counts());
    }

    [Fact]
    public async Task Seeding_again_changes_nothing()
    {
        await SeedAsync();
        _shop.Imports.Clear();

        await SeedAsync();

        Assert.Empty(_shop.Imports);
    }

    [Fact]
    public async Task A_deleted_product_stays_deleted()
    {
        await SeedAsync();
        _shop.Tables["products"].Remove(_shop.Tables["products"].Keys.First());

        await SeedAsync();

        Assert.Equal((25, 30, 7), Counts());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task An_interrupted_seeding_is_completed_by_the_next(int importsBefore)
    {
        _shop.Interfere = request => IsImport(request) && _shop.Imports.Count == importsBefore
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) : null;
        await Assert.ThrowsAnyAsync<Exception>(SeedAsync);
        _shop.Interfere = _ => null;

        await SeedAsync();

        Assert.Equal((25, 30, 8), Counts());
    }

    [Fact]
    public async Task Two_simulators_that_start_together_seed_once()
    {
        await Task.WhenAll(SeedAsync(), SeedAsync());

        Assert.Equal((25, 30, 8), Counts());
    }

    [Fact]
    public async Task Somebody_elses_tables_are_left_alone()
    {
        _shop.Tables["customers"]["cus-theirs"] = new JsonObject { ["client_id"] = "cus-theirs" };
        _shop.Tables["products"]["pro-theirs"] = new JsonObject { ["id"] = "pro-theirs" };

        await SeedAsync();

        Assert.Equal((1, 0, 1), Counts());
    }

    [Fact]
    public async Task An_api_that_is_not_ready_is_waited_for()
    {
        var requests = 0;
        _shop.Interfere = _ => ++requests <= 3
            ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { { "Retry-After", "0" } } } : null;

        await SeedAsync();

        Assert.Equal((25, 30, 8), Counts());
    }

    [Fact]
    public async Task What_is_imported_is_what_was_generated()
    {
        await SeedAsync();

        var tables = SimulatedTables.Generate(_options.RandomSeed, 25, 30, 8);
        Assert.Equal(
            tables.Customers.Select(c => c.Email).Order(),
            _shop.Tables["customers"].Values.Select(c => (string)c["email"]!).Order());
        Assert.Equal(
            tables.Products.Select(p => (p.Id, p.Price, p.Weight)).Order(),
            _shop.Tables["products"].Values.Select(p => ((string)p["id"]!, (decimal)p["price"]!, (decimal)p["weight"]!)).Order());
    }

    private Task SeedAsync() =>
        new TableSeeder(_shop.Api(_options), Options.Create(_options), TimeProvider.System, NullLogger<TableSeeder>.Instance)
            .SeedAsync(CancellationToken.None);

    private (int, int, int) Counts() => (_shop.Tables["customers"].Count, _shop.Tables["addresses"].Count, _shop.Tables["products"].Count);

    private static bool IsImport(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.EndsWith("/import", StringComparison.Ordinal);
}
