namespace Orders.Simulator.Load;

/// <summary>A level that is held.</summary>
/// <param name="Level">Requests per second in the open model, users in the closed one.</param>
/// <param name="Length">The way there from the level before is part of it.</param>
internal readonly record struct LoadStage(double Level, TimeSpan Length);

/// <summary>
/// The level over time: it goes in a straight line from one stage to the next, from 0 to the first, and is then held. Times count from
/// the beginning of the run.
/// </summary>
internal sealed class LoadShape
{
    private readonly List<Part> _parts = [];

    /// <param name="stages">At least one.</param>
    /// <param name="ramp">How long it takes from level to level; no stage may be shorter.</param>
    public LoadShape(IReadOnlyList<LoadStage> stages, TimeSpan ramp)
    {
        var (before, start, arrivals) = (0.0, 0.0, 0.0);
        foreach (var (level, length) in stages)
        {
            var way = before.Equals(level) ? 0 : ramp.TotalSeconds;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(way, length.TotalSeconds, nameof(ramp));
            Add(before, level, way);
            Add(level, level, length.TotalSeconds - way);
            before = level;
        }

        Length = TimeSpan.FromSeconds(start);
        Arrivals = arrivals;
        LevelMax = stages.Max(stage => stage.Level);

        void Add(double from, double to, double seconds)
        {
            if (seconds <= 0) return;
            var part = new Part(start, seconds, from, to, arrivals);
            _parts.Add(part);
            start += seconds;
            arrivals += part.ArrivalsAfter(seconds);
        }
    }

    public TimeSpan Length { get; }

    /// <summary>How many requests the open model sends on average.</summary>
    public double Arrivals { get; }

    public double LevelMax { get; }

    /// <summary>0 before the beginning and from the end on.</summary>
    public double LevelAt(TimeSpan at) => PartAt(at.TotalSeconds) is { } part ? part.LevelAfter(at.TotalSeconds - part.Start) : 0;

    /// <summary>The area under the level: how many requests are due by then, on average.</summary>
    public double ArrivalsUntil(TimeSpan at) => at < TimeSpan.Zero ? 0
        : PartAt(at.TotalSeconds) is { } part ? part.ArrivalsBefore + part.ArrivalsAfter(at.TotalSeconds - part.Start) : Arrivals;

    /// <summary>The inverse: when so many are due. Null: not within the run.</summary>
    public TimeSpan? When(double arrivals)
    {
        if (arrivals >= Arrivals) return null;
        var part = _parts.FindLast(candidate => candidate.ArrivalsBefore <= arrivals && candidate.HasArrivals)!;
        return TimeSpan.FromSeconds(part.Start + part.SecondsUntil(arrivals - part.ArrivalsBefore));
    }

    /// <summary>From when on the level is above this one; null: never again.</summary>
    public TimeSpan? NextAbove(double level, TimeSpan from)
    {
        foreach (var part in _parts.Where(part => part.End > from.TotalSeconds))
        {
            var within = Math.Max(0, from.TotalSeconds - part.Start);
            if (part.LevelAfter(within) > level) return TimeSpan.FromSeconds(part.Start + within);
            // A tick later than the crossing: at the crossing itself the level is not above yet.
            if (part.To > level)
                return TimeSpan.FromSeconds(part.Start + ((level - part.From) / part.Slope)) + TimeSpan.FromTicks(1);
        }

        return null;
    }

    private Part? PartAt(double seconds) => seconds < 0 ? null : _parts.Find(part => seconds < part.End);

    private sealed record Part(double Start, double Seconds, double From, double To, double ArrivalsBefore)
    {
        public double End => Start + Seconds;

        public double Slope => (To - From) / Seconds;

        public bool HasArrivals => From > 0 || To > 0;

        public double LevelAfter(double seconds) => From + (Slope * seconds);

        public double ArrivalsAfter(double seconds) => (From * seconds) + (Slope * seconds * seconds / 2);

        /// <summary>The root of a quadratic, in the form that divides by nothing small.</summary>
        public double SecondsUntil(double arrivals) => arrivals <= 0 ? 0
            : Math.Min(Seconds, 2 * arrivals / (From + Math.Sqrt(Math.Max(0, (From * From) + (2 * Slope * arrivals)))));
    }
}
