using System.Text.RegularExpressions;

namespace Pipeline.Gateway.Http;

/// <summary>A parameter of a query string: what is read by and what is described in the OpenAPI document.</summary>
internal sealed record QueryParameter(string Name, string Description)
{
    /// <summary>Least value of a whole number.</summary>
    public int Minimum { get; init; }

    /// <summary>Greatest value of a whole number; 0 = the parameter is text.</summary>
    public int Maximum { get; init; }

    /// <summary>Value of a whole number that is left out.</summary>
    public int Default { get; init; }

    /// <summary>The words it may be; empty = any text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What text must look like, all of it, and that in words; null = any text.</summary>
    public (Regex Pattern, string Words)? Form { get; init; }

    /// <summary>Whether it may not be left out.</summary>
    public bool IsRequired { get; init; }

    public bool IsInteger => Maximum > 0;

    public static QueryParameter Integer(string name, int minimum, int maximum, int @default, string description) =>
        new(name, description) { Minimum = minimum, Maximum = maximum, Default = @default };

    public static QueryParameter Word(string name, string description, params string[] words) => new(name, description) { Words = words };
}
