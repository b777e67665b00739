using System.Globalization;
using Orders.Simulator.Calendars;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Lives;

/// <summary>
/// What becomes of an order: a function of (seed, run, profile, order number, time of placing, district, lines), with the whole
/// future at once. Invariants: every step is one that the order's status allows, each comes later than the one before, pieces
/// leave and come back at most once, and never more money goes back than was paid.
/// </summary>
internal sealed class LifeStory
{
    private static readonly string[] CancelReasons = ["changed my mind", "found it cheaper", "ordered by mistake", "takes too long"];
    private static readonly string[] FailReasons = ["card declined", "payment expired", "not enough funds"];
    private static readonly string[] ReturnReasons = ["does not fit", "not as described", "arrived damaged", "no longer needed"];
    private static readonly string[] GoodwillReasons = ["scratched", "arrived late", "part was missing"];

    private readonly LifecycleProfile _profile;
    private readonly RandomStream _stream;
    private readonly Weighted<(string Method, DelayProfile Delay)> _payments;
    private readonly Weighted<string> _cancelledWhen;
    private readonly Weighted<string> _carriers;
    private readonly LifeClock _clock;

    public LifeStory(int seed, string run, Profile profile)
    {
        _profile = profile.Lifecycle;
        _stream = new RandomStream(seed, "lives/" + run);
        _payments = new(profile.Payments.Select(way => ((way.Key, way.Value.Delay), way.Value.Weight)));
        _cancelledWhen = new(_profile.CancelledWhen.Select(state => (state.Key, state.Value)));
        _carriers = new(_profile.Carriers.Select(carrier => (carrier.Key, carrier.Value)));
        _clock = new LifeClock(new ShopCalendar(profile.Calendar));
    }

    /// <summary>Oldest first. Whoever lives earlier than the last of them takes those before now.</summary>
    /// <param name="number">Of the order within the run.</param>
    /// <param name="placedAt">When it was placed.</param>
    /// <param name="district">Where it goes; null or unknown: as far as the mean.</param>
    /// <param name="lines">At least one.</param>
    /// <param name="total">What is to be paid.</param>
    public IReadOnlyList<LifeEvent> Of(
        long number, DateTimeOffset placedAt, string? district, IReadOnlyList<LifeLine> lines, decimal total)
    {
        var (random, events) = (_stream.At(number), new List<LifeEvent>(8));
        var cancelled = random.Chance(_profile.Cancellation) ? _cancelledWhen.Draw(random) : null;
        var fails = random.Chance(_profile.PaymentFailure);
        if (cancelled == "placed") return Cancel(events, placedAt, random);

        var at = placedAt + LifeClock.Delay(_profile.Confirm, random);
        events.Add(new LifeEvent(LifeStep.Confirmed, at));
        if (cancelled == "confirmed") return Cancel(events, at, random);
        if (fails)
        {
            at += LifeClock.Delay(_profile.PaymentGivenUp, random);
            events.Add(new LifeEvent(LifeStep.Failed, at) { Reason = random.Pick(FailReasons) });
            return events;
        }

        var (method, delay) = _payments.Draw(random);
        at += LifeClock.Delay(delay, random);
        events.Add(new LifeEvent(LifeStep.Paid, at) { Method = method, Reference = Reference("PAY-", random) });
        if (cancelled is not null)
        {
            Cancel(events, at, random);
            Refund(events, events[^1].At, total, "cancelled", random);
            return events;
        }

        at = Ship(events, at, lines, random);
        var distance = district is not null && _profile.Districts.TryGetValue(district, out var factor) ? factor : 1;
        at = _clock.InDeliveryHours(at + LifeClock.Delay(_profile.Deliver, random, distance), random);
        events.Add(new LifeEvent(LifeStep.Delivered, at));
        AfterDelivery(events, at, lines, total, random);
        return events;
    }

    private List<LifeEvent> Cancel(List<LifeEvent> events, DateTimeOffset at, SeededRandom random)
    {
        events.Add(new LifeEvent(LifeStep.Cancelled, at + LifeClock.Delay(_profile.CancelAfter, random))
        {
            Reason = random.Pick(CancelReasons),
        });
        return events;
    }

    /// <returns>When the last parcel left.</returns>
    private DateTimeOffset Ship(List<LifeEvent> events, DateTimeOffset at, IReadOnlyList<LifeLine> lines, SeededRandom random)
    {
        var pieces = lines.Sum(line => line.Quantity);
        var parcels = pieces > 1 && random.Chance(_profile.PartialShipment)
            ? random.Between(2, Math.Min(_profile.ParcelsMax, pieces)) : 1;
        at = _clock.InWorkingHours(at + LifeClock.Delay(_profile.Pack, random), random);
        var (first, carrier) = (0, _carriers.Draw(random));
        for (var parcel = 1; parcel <= parcels; parcel++)
        {
            if (parcel > 1) at = _clock.InWorkingHours(at + LifeClock.Delay(_profile.NextParcel, random), random);
            // Every later parcel keeps at least one piece.
            var end = parcel == parcels ? pieces : random.Between(first + 1, pieces - (parcels - parcel));
            events.Add(new LifeEvent(parcel == parcels ? LifeStep.Shipped : LifeStep.PartlyShipped, at)
            {
                Carrier = carrier, Tracking = Reference("ES", random), Pieces = Pieces(lines, first, end),
            });
            first = end;
        }

        return at;
    }

    private void AfterDelivery(
        List<LifeEvent> events, DateTimeOffset at, IReadOnlyList<LifeLine> lines, decimal total, SeededRandom random)
    {
        if (!random.Chance(_profile.Return))
        {
            if (!random.Chance(_profile.Goodwill)) return;
            var percent = random.Between(5, Math.Max(5, (int)(_profile.GoodwillShareMax * 100)));
            Refund(events, at, Cents(total * percent / 100), random.Pick(GoodwillReasons), random);
            return;
        }

        at += LifeClock.Delay(_profile.ReturnAfter, random);
        var pieces = lines.Sum(line => line.Quantity);
        var kept = pieces > 1 && random.Chance(_profile.PartialReturn) ? random.Between(1, pieces - 1) : 0;
        var back = Pieces(lines, kept, pieces);
        var reason = random.Pick(ReturnReasons);
        events.Add(new LifeEvent(kept > 0 ? LifeStep.PartlyReturned : LifeStep.Returned, at) { Pieces = back, Reason = reason });
        // Who sends everything back gets the shipping back too.
        var amount = kept == 0
            ? total
            : back.Sum(line => Cents(lines[line.Line - 1].Paid * line.Quantity / lines[line.Line - 1].Quantity));
        Refund(events, at, Math.Min(amount, total), reason, random);
    }

    private void Refund(List<LifeEvent> events, DateTimeOffset at, decimal amount, string reason, SeededRandom random)
    {
        at += LifeClock.Delay(_profile.Refund, random);
        // Nothing is given back for what cost nothing.
        if (amount <= 0) return;
        events.Add(new LifeEvent(LifeStep.Refunded, at) { Amount = amount, Reason = reason, Reference = Reference("REF-", random) });
    }

    /// <summary>Pieces <paramref name="first"/> to <paramref name="end"/> - 1 of the order, counted through all its lines.</summary>
    private static LifePieces[] Pieces(IReadOnlyList<LifeLine> lines, int first, int end)
    {
        var (pieces, before) = (new List<LifePieces>(lines.Count), 0);
        for (var line = 0; line < lines.Count; before += lines[line++].Quantity)
        {
            var taken = Math.Min(end, before + lines[line].Quantity) - Math.Max(first, before);
            if (taken > 0) pieces.Add(new LifePieces(line + 1, taken));
        }

        return [.. pieces];
    }

    private static string Reference(string prefix, SeededRandom random) =>
        prefix + (random.NextBits() >> 24).ToString("D13", CultureInfo.InvariantCulture);

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;
}
