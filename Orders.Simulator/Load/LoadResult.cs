namespace Orders.Simulator.Load;

/// <summary>A run that is over.</summary>
internal sealed class LoadResult(LoadPlan plan, LoadRecorder recorder, LoadEnd end, (long Delivered, long Failed) restocked)
{
    public LoadPlan Plan => plan;

    public LoadRecorder Recorder => recorder;

    public LoadEnd End => end;

    /// <summary>Products that were sold out and brought again, and those that the API did not take.</summary>
    public (long Delivered, long Failed) Restocked => restocked;

    public LoadMeter Overall { get; } = recorder.Overall();

    /// <summary>The time that counts: the run without its warm-up.</summary>
    public TimeSpan Measured => end.Length > plan.WarmUp ? end.Length - plan.WarmUp : TimeSpan.Zero;

    /// <summary>Whether every request was sent when it was due, or had a place in flight at least.</summary>
    public bool HasKeptUp => recorder.HeldBack == 0 && Overall.NeverSent == 0;

    public IEnumerable<(LoadOperation Operation, LoadMeter Meter)> Operations =>
        LoadOperations.All.Where(plan.Mix.Has).Select(operation => (operation, recorder.Of(operation)));

    /// <summary>Successful replies per second that came while the load was on.</summary>
    public double RateOf(LoadMeter meter) => Measured > TimeSpan.Zero ? meter.InTime / Measured.TotalSeconds : 0;
}
