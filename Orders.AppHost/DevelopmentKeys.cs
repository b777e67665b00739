/// <summary>
/// API keys for this machine: each has a generated secret, kept with the others of the clone, that the dashboard shows masked.
/// The api gets all of them by configuration; each caller gets its own.
/// </summary>
internal sealed class DevelopmentKeys(IDistributedApplicationBuilder builder)
{
    private readonly List<(string Name, ReferenceExpression Token, string[] Scopes)> _keys = [];

    /// <summary>A key <c>ordk_{name}_{secret}</c> with these scopes.</summary>
    public ReferenceExpression Add(string name, params string[] scopes)
    {
        var secret = builder.AddSecret($"{name}-key", length: 44);
        var token = ReferenceExpression.Create($"ordk_{name}_{secret}");
        _keys.Add((name, token, scopes));
        return token;
    }

    /// <summary>Has the api accept the keys.</summary>
    public void GiveTo(IResourceBuilder<ProjectResource> api)
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            var (name, token, scopes) = _keys[i];
            api.WithEnvironment($"Orders__Access__Keys__{i}__Token", token).WithEnvironment($"Orders__Access__Keys__{i}__Name", name);
            for (var n = 0; n < scopes.Length; n++) api.WithEnvironment($"Orders__Access__Keys__{i}__Scopes__{n}", scopes[n]);
        }
    }
}
