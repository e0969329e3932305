using Pipeline.Simulator;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline simulate --list-faults</c>: the catalogue.</summary>
internal static class FaultTable
{
    public static IRenderable Make()
    {
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators();
        table.AddColumn(new TableColumn("id").NoWrap());
        table.AddColumn("what happens").AddColumn("a correct client").AddColumn("filters and parameters");
        foreach (var fault in FaultList.All)
        {
            table.AddRow(
                new Text(fault.Id, new Style(decoration: Decoration.Bold)),
                new Text($"{fault.Title}: {fault.Does}"),
                new Text(fault.Expects),
                new Text(string.Join('\n', Details(fault))));
        }

        return table;
    }

    private static IEnumerable<string> Details(FaultLine fault) =>
        new[] { fault.Note, fault.Filters }.Concat(fault.Parameters).Where(line => line.Length > 0);
}
