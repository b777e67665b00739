namespace Orders.Tests.Archive;

/// <summary>What a test does to the files of an archive, and undoes.</summary>
internal sealed class Damage(string folder)
{
    private readonly Dictionary<string, byte[]?> _before = new(StringComparer.Ordinal);

    public bool IsThere(string path) => File.Exists(Full(path));

    public void Flip(string path)
    {
        var bytes = Keep(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Full(path), bytes);
    }

    public void Remove(string path)
    {
        Keep(path);
        File.Delete(Full(path));
    }

    public async Task AddAsync(string path)
    {
        _before[path] = null;
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        await File.WriteAllTextAsync(Full(path), "half");
    }

    public void Age(string path, TimeSpan age) =>
        File.SetLastWriteTimeUtc(Full(path), TimeProvider.System.GetUtcNow().UtcDateTime - age);

    public void Undo()
    {
        foreach (var (path, bytes) in _before)
        {
            if (bytes is null) File.Delete(Full(path));
            else File.WriteAllBytes(Full(path), bytes);
        }
    }

    private byte[] Keep(string path)
    {
        var bytes = File.ReadAllBytes(Full(path));
        _before[path] = [.. bytes];
        return bytes;
    }

    private string Full(string path) => Path.Combine(folder, path);
}
