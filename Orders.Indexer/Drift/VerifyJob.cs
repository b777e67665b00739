using Orders.Contracts;
using Orders.Indexer.Jobs;

namespace Orders.Indexer.Drift;

/// <summary>The whole comparison at once, with a proof. Whoever takes it over begins again: what was repaired is repaired.</summary>
internal sealed class VerifyJob(DriftCheck check, StoredOrders stored, TimeProvider time) : IJob
{
    public string Kind => WireNames.Jobs.Verify;

    /// <inheritdoc cref="DriftScope"/>
    public sealed record Wanted(string? Depth, bool? Repair);

    /// <summary>Progress.</summary>
    public sealed record State(int Buckets, long Orders, long Found);

    public async Task RunAsync(JobContext job, CancellationToken cancel)
    {
        var wanted = job.Parameters<Wanted>();
        var started = time.GetTimestamp();
        var from = await stored.PositionAsync(cancel);
        var isFull = wanted.Depth == "full";
        var scope = new DriftScope(_ => isFull, Sums: _ => true, Strays: true, wanted.Repair ?? true, TimeSpan.Zero);
        var proofs = await check.RunAsync(scope, seen => job.SaveAsync(Sum(seen), cancel), cancel);
        job.SetResult(new Proof(
            proofs.All(proof => proof.Left == 0), isFull ? "full" : "versions", from, await stored.PositionAsync(cancel),
            Math.Round(time.GetElapsedTime(started).TotalSeconds, 3), proofs));
    }

    private static State Sum(IReadOnlyList<TargetProof> seen) =>
        new(seen.Sum(proof => proof.Buckets), seen.Sum(proof => proof.Expected), seen.Sum(proof => proof.Found));
}
