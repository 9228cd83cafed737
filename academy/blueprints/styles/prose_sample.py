"""Every construct of the dialect in one invented text, for the style page."""

LONG_WORD = "Hydroélectromagnétodynamométrique"
TEXT = "Une phrase d’exemple, assez longue pour passer à la ligne, qui montre le rythme du texte courant."

PROSE = f"""
Un paragraphe avec du **gras**, de l’*italique*, du `code`, une abréviation, un [lien](#prose) et une note[^1].

## Un titre de section

> Une citation, que l’on reconnaît à sa barre.

1. Une liste ordonnée
2. dont un élément est long : {TEXT}
    - et en contient une autre

- [ ] à faire
- [x] fait, et la ligne est assez longue pour montrer où elle reprend : {TEXT}

### Un sous-titre

| Port | Quai | Tirant d’eau |
|---|---|---:|
| Exemple-sur-Mer | Est | 14,5 m |
| {LONG_WORD} | Ouest | 9 m |

```python
def quai(numero: int) -> str:  # une ligne trop longue défile dans sa boîte, jamais la page entière
    return f"Quai {{numero}}"
```

> [!NOTE]
> Une remarque.

> [!WARNING]
> Un danger.

Une formule, $E = mc^2$, et une autre sur sa ligne :

$$
\\begin{{cases}} x + y = 3,5 \\\\ x - y = \\sqrt{{2}} \\end{{cases}}
$$

```chart
type: bar
title: Des barres
unit: unités

Année;Un;Deux;Trois;Quatre;Cinq;Six
2025;1 200;310,5;400;500;600;700
2026;1 250;290;500;450;-120;800
```

```chart
type: bar
title: Des barres couchées
unit: unités

Nom;Un;Deux
{LONG_WORD};1 200;310,5
Un nom assez long pour ne pas tenir sous sa barre;250;-90
```

```chart
type: line
title: Des courbes
unit: degrés
source: valeurs inventées

Mois;Un;Deux
janv.;12;13
févr.;12,5;
mars;14;13,5
avr.;16;15
```

```chart
type: stacked
title: Des barres empilées

Année;Un;Deux;Trois
2025;1;2;3
2026;2;2,5;3
```

:::: tabs
::: tab Le premier onglet
{TEXT}
:::
::: tab Le second
{TEXT}
:::
::::

::: video https://www.example.org/quai Une vidéo et ses paroles
```vtt
00:00:01.000 --> 00:00:04.000
<v Camille>{TEXT}
```
:::

![Une icône](/art/icon-192.png "{TEXT}"){{credit="Camille Exemple" licence=cc-by-4.0}}

Un [terme]{{.glossaire}} et des mots [in English]{{lang=en}}.

[^1]: Une note, à côté du texte quand il y a la place.
"""
