namespace Orders.Indexer.Drift;

/// <summary>Compares sums with a recount, part by part, and has those that differ counted anew.</summary>
internal sealed partial class SumsCheck(
    IEnumerable<IDriftSums> sums, DriftMetrics metrics, TimeProvider time, ILogger<SumsCheck> logger)
{
    public async Task<List<TargetProof>> RunAsync(DriftScope scope, CancellationToken cancel)
    {
        var proofs = new List<TargetProof>();
        foreach (var some in sums)
        {
            var proof = new TargetProof(some.Target);
            proofs.Add(proof);
            await foreach (var part in some.PartsAsync(cancel))
            {
                if (!scope.Sums(proof.Buckets++)) continue;
                await CompareAsync(some, part, proof, scope.Repair, cancel);
                metrics.StandingAtLeast(some.Target, proof.Found);
                if (scope.Pause > TimeSpan.Zero) await Task.Delay(scope.Pause, time, cancel);
            }
        }

        return proofs;
    }

    private async Task CompareAsync(IDriftSums some, string part, TargetProof proof, bool repair, CancellationToken cancel)
    {
        var seen = await some.CompareAsync(part, cancel);
        metrics.Compared(some.Target, seen.Expected);
        var left = seen.Found;
        if (seen.Found > 0)
        {
            proof.Note(seen);
            metrics.Found(some.Target, "missing", seen.Missing);
            metrics.Found(some.Target, "altered", seen.Altered);
            metrics.Found(some.Target, "ghost", seen.Ghosts);
            if (repair)
            {
                LogRecount(some.Target, part, seen.Found, string.Join(' ', seen.Examples));
                var found = seen.Found;
                await some.RecountAsync(part, cancel);
                seen = await some.CompareAsync(part, cancel);
                left = seen.Found;
                proof.Repaired += Math.Max(0, found - left);
                metrics.Repaired(some.Target, Math.Max(0, found - left));
            }
        }

        proof.Left += left;
        proof.Count(seen);
    }

    [LoggerMessage(LogLevel.Warning, "Drift: {Target} of {Part} differs from a recount in {Rows} rows and is counted anew: {Examples}")]
    private partial void LogRecount(string target, string part, long rows, string examples);
}
