using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Orders.Simulator.Verification;

/// <summary>Which orders a verification places: with the shop's rows, all that their content depends on.</summary>
/// <param name="Api">Where they are placed; a ledger is worth nothing for another one.</param>
/// <param name="Run">Names them; part of every external id and key. Letters, digits, points, dashes and underscores.</param>
/// <param name="Moves">Share of the orders to which something happens after they were placed, 0 to 1.</param>
/// <param name="Profile">The profile's text, so that a ledger needs no file beside it.</param>
internal sealed record VerifyPlan(string Api, int Seed, string Run, double Moves, string Profile)
{
    public const int RunMax = 64;

    /// <summary>An order is kept in some 60 bytes.</summary>
    public const int OrdersMax = 5_000_000;

    private const int ChannelDigits = 16;

    /// <summary>
    /// The channel of all orders of the run and of no others. Lists, exports and analytics can be asked for one channel: so what does
    /// not belong there is found as well as what is missing.
    /// </summary>
    [JsonIgnore]
    public string Channel { get; } = "verify-" + Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}/{Run}"))))[..ChannelDigits];

    private string Prefix => string.Create(CultureInfo.InvariantCulture, $"verify/{Seed}/{Run}/");

    public string ExternalId(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The order's number; null: the id is none of this run's.</summary>
    public int? NumberOf(string? externalId) =>
        externalId is not null && externalId.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(externalId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && ExternalId(number) == externalId ? number : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"run {Run}, seed {Seed}, of {Api}");
}
