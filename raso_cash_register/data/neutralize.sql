-- a copied database must not take a single row from a shop's server
UPDATE raso_connection SET state = 'draft', password = NULL, lease_until = NULL;
UPDATE ir_cron SET active = false
 WHERE id IN (SELECT res_id FROM ir_model_data
               WHERE module = 'raso_cash_register' AND model = 'ir.cron');
