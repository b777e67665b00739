using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside: configuration key <c>Parameters:{name}</c>, or its default.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        Secret = secret;
        _value = new(() => callback(Default));
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    /// <summary>The description that the dashboard shows.</summary>
    public string? Description { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCase = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Others = "-_.{}~()*+!";

    public int MinLength { get; set; } = 22;

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    public override string GetDefaultValue()
    {
        var value = new List<char>();
        Add(Lower, LowerCase, MinLower);
        Add(Upper, UpperCase, MinUpper);
        Add(Numeric, Digits, MinNumeric);
        Add(Special, Others, MinSpecial);

        var all = (Lower ? LowerCase : "") + (Upper ? UpperCase : "") + (Numeric ? Digits : "") + (Special ? Others : "");
        if (all.Length == 0)
            throw new InvalidOperationException("A generated parameter needs at least one kind of character.");
        if (value.Count < MinLength)
            value.AddRange(RandomNumberGenerator.GetItems<char>(all, MinLength - value.Count));

        var text = value.ToArray();
        RandomNumberGenerator.Shuffle(text.AsSpan());
        return new string(text);

        void Add(bool wanted, string characters, int count)
        {
            if (wanted && count > 0)
                value.AddRange(RandomNumberGenerator.GetItems<char>(characters, count));
        }
    }
}
