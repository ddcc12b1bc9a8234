"""What a request may hold."""

from django import forms


class OrderForm(forms.Form):
    reference = forms.CharField(min_length=4, max_length=80)
    note = forms.CharField(max_length=500, required=False)


class LineForm(forms.Form):
    sku = forms.CharField(max_length=40)
    quantity = forms.IntegerField(min_value=1, max_value=100)
