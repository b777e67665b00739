using Orders.Simulator.Api;

namespace Orders.Simulator.Load;

/// <summary>Makes the report of a run.</summary>
internal static class LoadReporting
{
    /// <summary>Bins of a power of ten in the distribution.</summary>
    private const int BinsOfTen = 10;

    /// <summary>The first bin begins here.</summary>
    private const double DistributionFromMs = 0.1;

    public static LoadReport Report(this LoadResult result, IReadOnlyList<ThresholdOutcome> thresholds)
    {
        var (plan, recorder) = (result.Plan, result.Recorder);
        return new LoadReport(
            result.End.StartedAt, !result.End.IsStopped, Round(result.Measured.TotalSeconds), PlanOf(plan),
            plan.Model == LoadModel.Open ? "due" : "sent", result.HasKeptUp, recorder.HeldBack, recorder.Interrupted,
            recorder.InFlightMax, plan.Model == LoadModel.Open ? LoadTimes.From(recorder.Lateness) : null,
            result.Restocked.Delivered, result.Restocked.Failed, StatsOf(result, result.Overall),
            result.Operations.ToDictionary(entry => entry.Operation.ToWire(), entry => StatsOf(result, entry.Meter)),
            [.. recorder.Errors.OrderByDescending(error => error.Value.Count).Select(error => new LoadReportError(
                error.Key.Operation.ToWire(), error.Key.Kind.ToWire(), error.Key.Status, error.Value.Count, error.Value.Examples))],
            [.. thresholds.Select(outcome => new LoadReportThreshold(
                outcome.Threshold.ToString(), outcome.IsHeld, outcome.Threshold.Unit, Round(outcome.Actual), Round(outcome.MissedBy)))],
            TimelineOf(plan, recorder.Timeline), DistributionOf(result.Overall.Latency));
    }

    private static LoadReportPlan PlanOf(LoadPlan plan) => new(
        plan.Api, plan.Scenario, plan.Mix.Weights.ToDictionary(weight => weight.Key.ToWire(), weight => weight.Value),
        plan.Model == LoadModel.Open ? "open" : "closed",
        plan.Model == LoadModel.Closed ? null : plan.IsPoisson ? "poisson" : "even",
        [.. plan.Stages.Select(stage => new LoadReportStage(stage.Level, stage.Length.TotalSeconds))],
        plan.Ramp.TotalSeconds, plan.WarmUp.TotalSeconds, plan.Model == LoadModel.Closed ? plan.Think.TotalSeconds : null,
        plan.Model == LoadModel.Open ? plan.InFlightMax : null, plan.Timeout.TotalSeconds, plan.Seed, plan.Run);

    private static LoadStats StatsOf(LoadResult result, LoadMeter meter) => new(
        meter.Succeeded, meter.Failed, meter.NeverSent, Math.Round(meter.ErrorShare, 6), Round(result.RateOf(meter)),
        LoadTimes.From(meter.Latency), LoadTimes.From(meter.Service));

    private static List<LoadReportSlice> TimelineOf(LoadPlan plan, LoadTimeline timeline)
    {
        var (slices, length) = (new List<LoadReportSlice>(), timeline.SliceLength);
        for (var i = 0; i < timeline.Slices.Count; i++)
        {
            var (slice, at) = (timeline.Slices[i], length * i);
            slices.Add(new LoadReportSlice(
                at.TotalSeconds, length.TotalSeconds, at < plan.WarmUp, Round(plan.Shape.LevelAt(at + (length / 2))),
                LoadOperations.All.Where(plan.Mix.Has).ToDictionary(
                    operation => operation.ToWire(), operation => Round(slice.SucceededOf(operation) / length.TotalSeconds)),
                Round(slice.Sent / length.TotalSeconds), slice.Failed, slice.HeldBack, slice.InFlightMax, LoadTimes.From(slice.Latency)));
        }

        return slices;
    }

    /// <summary>Bins that grow evenly, from the first one with anything in it to the last.</summary>
    private static List<LoadReportBin> DistributionOf(LatencyHistogram latency)
    {
        var bins = new List<LoadReportBin>();
        if (latency.Count == 0) return bins;
        var (from, step) = (0.0, 0);
        while (from <= latency.Max.TotalMilliseconds)
        {
            var to = DistributionFromMs * Math.Pow(10, step++ / (double)BinsOfTen);
            bins.Add(new LoadReportBin(Round(from), Round(to), latency.CountBetween(Time(from), Time(to))));
            from = to;
        }

        return [.. bins.SkipWhile(bin => bin.Count == 0)];
    }

    private static TimeSpan Time(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static double Round(double value) => Math.Round(value, 3);

    private static double? Round(double? value) => value is { } number ? Round(number) : null;
}
