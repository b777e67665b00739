using System.Xml.Linq;

namespace Orders.Tests.Tidy;

/// <summary>The repository's files, as the tidy tests see them.</summary>
internal static class Sources
{
    public static readonly string Root = FindRoot();

    private static readonly string[] Skipped = ["artifacts", ".git", "bin", "obj", "node_modules"];

    public static IEnumerable<string> Files(params string[] extensions) => FilesIn(Root, extensions);

    public static IEnumerable<string> FilesIn(string folder, params string[] extensions)
    {
        foreach (var file in Directory.EnumerateFiles(folder)
            .Where(file => extensions.Contains(Path.GetExtension(file)))) yield return file;
        foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !Skipped.Contains(Path.GetFileName(child))))
        {
            foreach (var file in FilesIn(child, extensions)) yield return file;
        }
    }

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    public static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, name, name + ".csproj"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orders.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Orders.sln is in no folder above the tests");
    }
}
