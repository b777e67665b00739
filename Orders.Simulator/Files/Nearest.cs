namespace Orders.Simulator.Files;

/// <summary>What somebody may have meant by a name that does not exist.</summary>
internal static class Nearest
{
    /// <summary>"; did you mean 'x'?", or nothing when no name is near.</summary>
    public static string Hint(string name, IEnumerable<string> known) => To(name, known) is { } near ? $"; did you mean '{near}'?" : "";

    /// <summary>The known name with the fewest edits, if these are at most a third of its letters, and at least two may be wrong.</summary>
    public static string? To(string name, IEnumerable<string> known)
    {
        var (best, edits) = ((string?)null, int.MaxValue);
        foreach (var candidate in known)
        {
            var distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < edits) (best, edits) = (candidate, distance);
        }

        return best is not null && edits <= Math.Max(2, best.Length / 3) ? best : null;
    }

    /// <summary>Levenshtein: letters put in, left out or replaced.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
