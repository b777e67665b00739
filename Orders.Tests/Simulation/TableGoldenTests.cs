using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orders.Simulator.Api;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

/// <summary>Same seed, same bytes. A change here changes everybody's seeded data: it must be wanted, not an accident.</summary>
[Unit]
public sealed class TableGoldenTests
{
    private static readonly SimulatedTables Seed42 = SimulatedTables.Generate(42, 1000, 1200, 300);

    [Fact]
    public void The_first_customer_is_known() => Assert.Equal(
        """
        {"client_id":"cus-ede4e606-8ac2-49e2-8716-67fe03e0fd9d","first_name":"Emilio","last_name":"Martín",
        "email":"emilio.martin@buzon.example","phone_number":"+34675361966","date_of_birth":"2004-01-16",
        "gender":"Male","occupation":"Carpintero","created_at":"2025-04-25","updated_at":"2025-05-16",
        "status":"inactive"}
        """.ReplaceLineEndings(""),
        Json(Seed42.Customers[0], ApiJson.Default.Customer));

    [Fact]
    public void The_first_address_is_known() => Assert.Equal(
        """
        {"client_id":"cus-ede4e606-8ac2-49e2-8716-67fe03e0fd9d",
        "address_id":"add-cb62a13c-91f3-41ae-8cf1-51cd9295b9f1","neighborhood":"Hortaleza",
        "coordinates":[40.4849991,-3.6441187],"road":"Calle de Mota del Cuervo","house_number":"106",
        "suburb":"Apóstol Santiago","city_district":"Hortaleza","state":"Comunidad de Madrid","postcode":"28033",
        "country":"España","lat":"40.4849991","lon":"-3.6441187"}
        """.ReplaceLineEndings(""),
        Json(Seed42.Addresses[0], ApiJson.Default.Address));

    [Fact]
    public void The_first_product_is_known() => Assert.Equal(
        """
        {"id":"pro-bd1e49af-648c-4ca9-a76a-05a92fed7e37","sku":"STA-42-00001",
        "name":"Cuaderno Rojo Tajo Watercolour Set, squared",
        "description":"Twenty-four pans, two brushes, one tin. Paper from forests that are replanted.",
        "category":"Stationery","manufacturer":"Cuaderno Rojo","price":34.90,"currency":"EUR","weight":0.339,
        "stock":46,"active":true}
        """.ReplaceLineEndings(""),
        Json(Seed42.Products[0], ApiJson.Default.Product));

    [Fact]
    public void The_tables_of_seed_42_are_known_byte_for_byte() => Assert.Equal(
        [
            "9378057e923f2142ec13fde35874be601c712d5f2d93662b328e006d55771cd9",
            "a28692e61d2c68035f322cd7ec244c899ef2104810610c7576032df22cd27593",
            "0be82fe9a2b0b11dbda55da1efc6ef85d08f2c28a5ba261f65e823e4d4b85dd7",
        ],
        Hashes(Seed42));

    [Fact]
    public void The_same_seed_makes_the_same_tables() =>
        Assert.Equal(Hashes(Seed42), Hashes(SimulatedTables.Generate(42, 1000, 1200, 300)));

    [Fact]
    public void Another_seed_makes_other_tables() =>
        Assert.Empty(Hashes(Seed42).Intersect(Hashes(SimulatedTables.Generate(43, 1000, 1200, 300))));

    /// <summary>Both can be sent to one shop, where ids and skus are one row's.</summary>
    [Fact]
    public void Products_of_two_seeds_have_neither_an_id_nor_a_sku_in_common()
    {
        var other = SimulatedTables.Generate(43, 1000, 1200, 300).Products;

        Assert.Empty(Seed42.Products.IntersectBy(other.Select(product => product.Sku), product => product.Sku));
        Assert.Empty(Seed42.Products.IntersectBy(other.Select(product => product.Id), product => product.Id));
    }

    [Fact]
    public void A_longer_table_begins_with_the_shorter_one()
    {
        var longer = SimulatedTables.Generate(42, 2000, 2400, 600);

        Assert.Equal(Seed42.Customers, longer.Customers.Take(1000));
        Assert.Equal(Seed42.Products, longer.Products.Take(300));
        Assert.Equal(Seed42.Addresses.Take(1000).Select(a => a.AddressId), longer.Addresses.Take(1000).Select(a => a.AddressId));
    }

    private static string[] Hashes(SimulatedTables tables) =>
    [
        Hash(tables.Customers, ApiJson.Default.IReadOnlyListCustomer),
        Hash(tables.Addresses, ApiJson.Default.IReadOnlyListAddress),
        Hash(tables.Products, ApiJson.Default.IReadOnlyListProduct),
    ];

    private static string Hash<T>(T rows, JsonTypeInfo<T> type) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(rows, type)));

    private static string Json<T>(T row, JsonTypeInfo<T> type) => JsonSerializer.Serialize(row, type);
}
