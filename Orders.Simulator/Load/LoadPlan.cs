using Orders.Simulator.Tables;

namespace Orders.Simulator.Load;

internal enum LoadModel
{
    /// <summary>Requests come by the clock, whatever the API does.</summary>
    Open,

    /// <summary>So many users, each of whom waits for the reply before the next request.</summary>
    Closed,
}

/// <summary>What a load test does.</summary>
/// <param name="Scenario">As it was asked for.</param>
/// <param name="IsPoisson">Whether arrivals are random; otherwise they are even. Open model.</param>
/// <param name="Stages">At least one. The warm-up goes before them, at the first level.</param>
/// <param name="Ramp">The way from level to level, from 0 to the first.</param>
/// <param name="WarmUp">Requests of this time are sent and not counted.</param>
/// <param name="Think">Between a reply and the user's next request, on average (0.5 to 1.5 times this). Closed model.</param>
/// <param name="InFlightMax">Requests on their way at once. Open model.</param>
/// <param name="Timeout">Until a request is given up.</param>
/// <param name="Run">Names the run: seed and run make the requests.</param>
internal sealed record LoadPlan(
    Uri Api, string Scenario, LoadMix Mix, LoadModel Model, bool IsPoisson, IReadOnlyList<LoadStage> Stages, TimeSpan Ramp,
    TimeSpan WarmUp, TimeSpan Think, int InFlightMax, TimeSpan Timeout, int Seed, string Run)
{
    public LoadShape Shape { get; } = new(
        [Stages[0] with { Length = Stages[0].Length + WarmUp }, .. Stages.Skip(1)], Ramp);

    /// <summary>A family of random numbers of this run.</summary>
    public RandomStream Stream(string name) => new(Seed, $"load/{name}/{Run}");

    /// <summary>What request n does.</summary>
    public LoadOperation OperationOf(long number) => Mix.Draw(Stream("operations").At(number));
}

/// <param name="Number">0, 1, ... within the run.</param>
/// <param name="At">When it is to be sent, from the beginning of the run.</param>
internal readonly record struct LoadArrival(long Number, TimeSpan At, LoadOperation Operation);

/// <summary>When the requests of the open model are due: a function of the plan alone.</summary>
internal static class LoadSchedule
{
    public static IEnumerable<LoadArrival> Of(LoadPlan plan)
    {
        var gaps = plan.Stream("arrivals").At(0);
        var operations = plan.Stream("operations");
        // Even arrivals come in the middle of their share of the area under the level, so that none is at the very beginning.
        for (var (number, due) = (0L, plan.IsPoisson ? 0 : -0.5); ; number++)
        {
            due += plan.IsPoisson ? -Math.Log(1 - gaps.Unit()) : 1;
            if (plan.Shape.When(due) is not { } at) yield break;
            yield return new LoadArrival(number, at, plan.Mix.Draw(operations.At(number)));
        }
    }
}
