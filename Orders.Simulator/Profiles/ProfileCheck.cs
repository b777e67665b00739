using System.Globalization;
using System.Text.RegularExpressions;

namespace Orders.Simulator.Profiles;

/// <summary>Whether the numbers of a profile can be. Each problem names its key.</summary>
internal sealed partial class ProfileCheck
{
    private const int LinesMax = 100;
    private const int QuantityMax = 1000;
    private const int ListMax = 100;
    private const double FactorMax = 1000;

    private readonly List<string> _problems = [];

    public static IReadOnlyList<string> Problems(Profile profile)
    {
        var check = new ProfileCheck();
        check.Basket(profile);
        check.Discounts(profile);
        check.Shipping(profile.Shipping);
        check.Calendar(profile.Calendar);
        check.Lifecycle(profile.Lifecycle);
        return check._problems;
    }

    private void Basket(Profile profile)
    {
        Weights("lines", profile.Lines, LinesMax);
        Weights("quantities", profile.Quantities, QuantityMax);
        Weights("channels", profile.Channels);
        Range("popularity.zipf", profile.Popularity.Zipf, 0, 3);
        Probability("affinity.chance", profile.Affinity.Chance);
        foreach (var (category, others) in profile.Affinity.Together) Weights("affinity.together." + category, others);
        Probability("regulars.share", profile.Regulars.Share);
        Probability("regulars.orders", profile.Regulars.Orders);
        Weights("payments", [.. profile.Payments.Values.Select(way => way.Weight)], ListMax);
        foreach (var (method, payment) in profile.Payments) Delay($"payments.{method}.delay", payment.Delay);
    }

    private void Discounts(Profile profile)
    {
        if (profile.Discounts.Count > ListMax) Fail("discounts", $"must be at most {ListMax}");
        for (var i = 0; i < profile.Discounts.Count; i++)
        {
            var (discount, at) = (profile.Discounts[i], string.Create(CultureInfo.InvariantCulture, $"discounts[{i}]."));
            if (!Code().IsMatch(discount.Code)) Fail(at + "code", "must be 1 to 40 of A-Z, 0-9, - and _");
            if (discount.Percent is null == discount.Amount is null) Fail(at + "percent", "give either percent or amount");
            if (discount.Percent is <= 0 or > 100) Fail(at + "percent", "must be more than 0, up to 100");
            if (discount.Amount is <= 0) Fail(at + "amount", "must be more than 0");
            if (discount.Percent is { } percent && decimal.Round(percent, 2) != percent)
                Fail(at + "percent", "may have at most 2 decimals");
            Cents(at + "amount", discount.Amount ?? 0);
            Cents(at + "min_subtotal", discount.MinSubtotal);
            Probability(at + "share", discount.Share);
            string[] marks = ["Black Week", "Black Friday", "Black Weekend", "Cyber Monday", "pay day"];
            if (discount.During is { } during && !marks.Concat(profile.Calendar.Seasons.Select(season => season.Name)).Contains(during))
                Fail(at + "during", $"'{during}' is neither a season of the calendar nor one of {string.Join(", ", marks)}");
        }
    }

    private void Shipping(ShippingProfile shipping)
    {
        if (!Currency().IsMatch(shipping.Currency)) Fail("shipping.currency", "must be an ISO 4217 code such as EUR");
        Cents("shipping.free_from", shipping.FreeFrom);
        Cents("shipping.per_kilogram_above", shipping.PerKilogramAbove);
        if (shipping.Bands.Count is 0 or > ListMax) Fail("shipping.bands", $"must be 1 to {ListMax}");
        var below = 0m;
        foreach (var band in shipping.Bands)
        {
            if (band.UpToKilograms <= below) Fail("shipping.bands", "must rise in up_to_kilograms, from above 0");
            below = band.UpToKilograms;
            Cents("shipping.bands.price", band.Price);
        }
    }

    private void Calendar(CalendarProfile calendar)
    {
        Factors("calendar.hours", calendar.Hours, 24);
        Factors("calendar.free_day_hours", calendar.FreeDayHours, 24);
        Factors("calendar.weekdays", calendar.Weekdays, 7);
        Factors("calendar.months", calendar.Months, 12);
        Range("calendar.holiday", calendar.Holiday, 0, FactorMax);
        Range("calendar.black_friday", calendar.BlackFriday, 0, FactorMax);
        Range("calendar.black_week", calendar.BlackWeek, 0, FactorMax);
        Range("calendar.black_weekend", calendar.BlackWeekend, 0, FactorMax);
        Range("calendar.cyber_monday", calendar.CyberMonday, 0, FactorMax);
        Range("calendar.pay_day", calendar.PayDay, 0, FactorMax);
        Range("calendar.pay_days", calendar.PayDays, 0, 10);
        if (calendar.Seasons.Count > ListMax) Fail("calendar.seasons", $"must be at most {ListMax}");
        foreach (var season in calendar.Seasons)
        {
            if (season.Name.Length is 0 or > 64) Fail("calendar.seasons.name", "must be 1 to 64 characters");
            foreach (var day in new[] { season.From, season.To }.Where(day => !IsDayOfYear(day)))
                Fail($"calendar.seasons.{season.Name}", $"'{day}' must be month and day, such as 12-05");
            Range($"calendar.seasons.{season.Name}.factor", season.Factor, 0, FactorMax);
        }
    }

    private void Lifecycle(LifecycleProfile life)
    {
        Delay("lifecycle.confirm", life.Confirm);
        Probability("lifecycle.payment_failure", life.PaymentFailure);
        Delay("lifecycle.payment_given_up", life.PaymentGivenUp);
        Probability("lifecycle.cancellation", life.Cancellation);
        Weights("lifecycle.cancelled_when", life.CancelledWhen);
        foreach (var state in life.CancelledWhen.Keys.Where(state => state is not ("placed" or "confirmed" or "paid")))
            Fail($"lifecycle.cancelled_when.{state}", "must be placed, confirmed or paid");
        Delay("lifecycle.cancel_after", life.CancelAfter);
        Delay("lifecycle.pack", life.Pack);
        Probability("lifecycle.partial_shipment", life.PartialShipment);
        Range("lifecycle.parcels_max", life.ParcelsMax, 2, 10);
        Delay("lifecycle.next_parcel", life.NextParcel);
        Weights("lifecycle.carriers", life.Carriers);
        Delay("lifecycle.deliver", life.Deliver);
        foreach (var (district, factor) in life.Districts) Range("lifecycle.districts." + district, factor, 0.01, 100);
        Probability("lifecycle.return", life.Return);
        Probability("lifecycle.partial_return", life.PartialReturn);
        Delay("lifecycle.return_after", life.ReturnAfter);
        Delay("lifecycle.refund", life.Refund);
        Probability("lifecycle.goodwill", life.Goodwill);
        Range("lifecycle.goodwill_share_max", life.GoodwillShareMax, 0.05, 1);
    }

    private static bool IsDayOfYear(string text) =>
        DateOnly.TryParseExact("2024-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private void Weights(string key, OrderedDictionary<string, double> weights)
    {
        if (weights.Keys.Any(name => name.Length is 0 or > 64)) Fail(key, "names must be 1 to 64 characters");
        Weights(key, [.. weights.Values], ListMax);
    }

    private void Weights(string key, IReadOnlyList<double> weights, int max)
    {
        if (weights.Count == 0 || weights.Count > max)
            Fail(key, string.Create(CultureInfo.InvariantCulture, $"must be 1 to {max} weights"));
        else if (weights.Any(weight => !double.IsFinite(weight) || weight < 0) || weights.Sum() is not > 0)
            Fail(key, "must be weights of 0 or more, not all 0");
    }

    private void Factors(string key, IReadOnlyList<double> factors, int count)
    {
        if (factors.Count != count) Fail(key, string.Create(CultureInfo.InvariantCulture, $"must be {count} factors, is {factors.Count}"));
        else if (factors.Any(factor => factor is not (>= 0 and <= FactorMax)) || factors.Sum() is not > 0)
            Fail(key, string.Create(CultureInfo.InvariantCulture, $"must be factors from 0 to {FactorMax}, not all 0"));
    }

    private void Probability(string key, double value) => Range(key, value, 0, 1);

    private void Range(string key, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
            Fail(key, string.Create(CultureInfo.InvariantCulture, $"is {value}; it must be {min} to {max}"));
    }

    private void Delay(string key, DelayProfile delay)
    {
        if (delay.Median < TimeSpan.FromSeconds(1) || delay.Median > DelayProfile.MedianMax)
            Fail(key + ".median", $"must be 1 second to {DelayProfile.MedianMax.Days} days, such as 1.02:30:00");
        Range(key + ".spread", delay.Spread, 0, 2);
    }

    private void Cents(string key, decimal amount)
    {
        if (amount < 0 || amount > 1_000_000 || decimal.Round(amount, 2) != amount)
            Fail(key, "must be 0 to 1,000,000 with at most 2 decimals");
    }

    private void Fail(string key, string reason) => _problems.Add($"{key}: {reason}");

    [GeneratedRegex("^[A-Z0-9_-]{1,40}$", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("^[A-Z]{3}$", RegexOptions.None, 1000)]
    private static partial Regex Currency();
}
