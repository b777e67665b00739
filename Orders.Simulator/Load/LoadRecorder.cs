using System.Collections.Concurrent;
using System.Text;
using Orders.Simulator.Api;

namespace Orders.Simulator.Load;

/// <summary>An error as it is told apart from others.</summary>
internal readonly record struct LoadErrorKey(LoadOperation Operation, FailureKind Kind, int? Status);

/// <summary>How often an error came, and what was said the first times.</summary>
internal sealed class LoadErrorTally
{
    private const int ExamplesMax = 3;

    private readonly string?[] _examples = new string?[ExamplesMax];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public IReadOnlyList<string> Examples => [.. _examples.OfType<string>()];

    public void Add(string? said)
    {
        if (Interlocked.Increment(ref _count) is <= ExamplesMax and var place && said is not null) _examples[place - 1] = Readable(said);
    }

    /// <summary>Whatever a server says, it can be written: no control characters, and nothing that XML or JSON does not have.</summary>
    private static string Readable(string said) => string.Concat(said.EnumerateRunes()
        .Select(rune => Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? " " : rune.ToString()));
}

/// <summary>
/// Measures a run. A request counts if it was due after the warm-up; everything is on the timeline. Times count from the beginning of
/// the run. Any number of threads call it at once.
/// </summary>
internal sealed class LoadRecorder(LoadPlan plan)
{
    private readonly LoadMeter[] _meters = [.. LoadOperations.All.Select(_ => new LoadMeter())];
    private readonly ConcurrentDictionary<LoadErrorKey, LoadErrorTally> _errors = new();
    private long _inFlight;
    private long _inFlightMax;
    private long _sent;
    private long _heldBack;
    private long _interrupted;

    public LoadTimeline Timeline { get; } = new(plan.Shape.Length, plan.Timeout);

    public long InFlight => Interlocked.Read(ref _inFlight);

    public long InFlightMax => Interlocked.Read(ref _inFlightMax);

    /// <summary>All of them, those of the warm-up too.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Arrivals that found no place in flight and were sent late, or never.</summary>
    public long HeldBack => Interlocked.Read(ref _heldBack);

    /// <summary>Requests whose outcome is unknown because the run was ended in the middle of them.</summary>
    public long Interrupted => Interlocked.Read(ref _interrupted);

    /// <summary>By how much requests were sent later than they were due, whoever's fault that was. Open model.</summary>
    public LatencyHistogram Lateness { get; } = new();

    public IReadOnlyDictionary<LoadErrorKey, LoadErrorTally> Errors => _errors;

    public LoadMeter Of(LoadOperation operation) => _meters[(int)operation];

    public LoadMeter Overall() => LoadMeter.Sum(_meters);

    public void Begun(TimeSpan due, TimeSpan sent)
    {
        var inFlight = Interlocked.Increment(ref _inFlight);
        for (var seen = InFlightMax; inFlight > seen && Interlocked.CompareExchange(ref _inFlightMax, inFlight, seen) != seen;)
            seen = InFlightMax;
        Interlocked.Increment(ref _sent);
        Timeline.At(sent).Begun(inFlight);
        if (due >= plan.WarmUp) Lateness.Record(sent - due);
    }

    public void Ended(LoadOperation operation, TimeSpan due, TimeSpan sent, TimeSpan ended, in LoadReply reply)
    {
        Interlocked.Decrement(ref _inFlight);
        if (reply.Failure == FailureKind.Interrupted)
        {
            Interlocked.Increment(ref _interrupted);
            return;
        }

        Timeline.At(ended).Ended(operation, reply.Failure is null, ended - due);
        if (due < plan.WarmUp) return;
        Of(operation).Ended(reply.Failure is null, ended <= plan.Shape.Length, ended - due, ended - sent);
        if (reply.Failure is { } kind)
            _errors.GetOrAdd(new LoadErrorKey(operation, kind, reply.Status), _ => new LoadErrorTally()).Add(reply.Said);
    }

    /// <summary>It had to wait for a place in flight.</summary>
    public void Held(TimeSpan due, TimeSpan now)
    {
        Timeline.At(now).Held();
        if (due >= plan.WarmUp) Interlocked.Increment(ref _heldBack);
    }

    /// <summary>It has waited until now, and would have waited longer.</summary>
    public void NeverSent(LoadArrival arrival, TimeSpan now)
    {
        if (arrival.At >= plan.WarmUp) Of(arrival.Operation).NotSent(now > arrival.At ? now - arrival.At : TimeSpan.Zero);
    }
}
